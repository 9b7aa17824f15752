// Names by what they are called: whoever types 居委会 is offered zr:ResidentsCommittee. What is
// offered comes from this service alone (GET /v1/terms).

import type { Yasqe } from "@zazuko/yasqe";
import { element, type Say } from "./says";

interface Term {
  written: string;
  iri: string;
  kind: string;
  label: { zh: string; en: string };
  by: string;
}

const WORD = /[^\s(){}[\].;,|/^*+!<>"'?$=&]+$/u;
const TYPED = 180;
const HAN = /\p{Script=Han}/u;

/** The word before the cursor, and whether it is one that asks for names by itself. */
function word(editor: Yasqe): { text: string; from: number; eager: boolean } | null {
  const cursor = editor.getDoc().getCursor();
  const before = editor.getDoc().getLine(cursor.line).slice(0, cursor.ch);
  const found = WORD.exec(before);
  if (!found || before[found.index - 1] === "?" || before[found.index - 1] === "$") return null;
  const kind = editor.getTokenAt(cursor).type ?? "";
  if (/string|comment/.test(kind)) return null;
  const eager = HAN.test(found[0]) || /^\w*:\w/.test(found[0]);
  return { text: found[0], from: found.index, eager };
}

function preferred(editor: Yasqe, from: number): string {
  const cursor = editor.getDoc().getCursor();
  const before = editor.getDoc().getLine(cursor.line).slice(0, from);
  return /(^|\s)(a|rdf:type)\s+$/.test(before) ? "class" : "";
}

export function complete(editor: Yasqe, prefixes: Record<string, string>, say: Say, language: "zh" | "en"): () => void {
  let timer = 0;
  let asked = 0;

  const pick = (term: Term): void => {
    const prefix = /^(\w+):/.exec(term.written)?.[1];
    if (prefix === undefined || prefix in editor.getPrefixesFromQuery()) return;
    const namespace = prefixes[prefix];
    if (namespace !== undefined) editor.addPrefixes({ [prefix]: namespace });
  };

  const offer = async (): Promise<void> => {
    const here = word(editor);
    if (here === null) return;
    const turn = ++asked;
    const search = new URLSearchParams({ q: here.text, limit: "20" });
    const prefer = preferred(editor, here.from);
    if (prefer) search.set("prefer", prefer);
    const response = await fetch(`/v1/terms?${search}`);
    if (!response.ok || turn !== asked) return;
    const { terms } = (await response.json()) as { terms: Term[] };
    const now = word(editor);
    if (terms.length === 0 || now?.text !== here.text || !editor.hasFocus()) return;
    const line = editor.getDoc().getCursor().line;
    editor.showHint({
      completeSingle: false,
      container: document.querySelector("main") ?? document.body,
      hint: () => ({
        from: { line, ch: here.from },
        to: { line, ch: here.from + here.text.length },
        list: terms.map((term) => ({
          text: term.written,
          render: (where: HTMLElement) => {
            const other = term.by !== term.label[language] && term.by !== term.written ? `（${term.by}）` : "";
            where.append(
              element("b", {}, term.label[language]),
              element("span", { className: "by" }, other),
              element("span", { className: "kind" }, say(term.kind)),
              element("code", {}, term.written),
            );
          },
          hint: (cm: Yasqe, data: { from: object; to: object }) => {
            cm.getDoc().replaceRange(term.written, data.from as never, data.to as never, "complete");
            pick(term);
          },
        })),
      }),
    } as never);
    const list = document.querySelector<HTMLElement>(".CodeMirror-hints");
    list?.setAttribute("aria-label", say("names"));
    if (list) list.tabIndex = 0;
  };

  editor.on("inputRead" as never, (() => {
    window.clearTimeout(timer);
    if (word(editor)?.eager) timer = window.setTimeout(() => void offer(), TYPED);
  }) as never);
  // The names are read once for each generation of the data: before the first is asked for.
  void fetch("/v1/terms?q=zr:&limit=1").catch(() => undefined);
  return () => void offer();
}
