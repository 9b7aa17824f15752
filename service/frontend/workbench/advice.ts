// What the adviser says of the query (GET /sparql/advice), beside the editor: nothing is changed
// unless somebody asks for it.

import { element, type Say } from "./says";

interface Advice {
  line: number;
  column: number;
  message: { zh: string; en: string };
  rewrite: { query: string; when: { zh: string; en: string } | null } | null;
}

export async function advise(
  where: HTMLElement,
  query: string,
  say: Say,
  language: "zh" | "en",
  use: (query: string) => void,
): Promise<void> {
  const response = await fetch("/sparql/advice", {
    method: "POST",
    headers: { accept: "application/json" },
    body: new URLSearchParams({ query }),
  }).catch(() => null);
  const found = response?.ok ? ((await response.json()) as { advice?: Advice[] }).advice ?? [] : [];
  where.hidden = found.length === 0;
  where.replaceChildren(
    ...found.map((one) => {
      const at = one.line ? say("at", { line: one.line, column: one.column }) : "";
      const told = element("div", { className: "advice" }, element("p", {}, one.message[language] + at));
      const { rewrite } = one;
      if (rewrite) {
        const button = element("button", { type: "button" }, say("use"));
        button.addEventListener("click", () => use(rewrite.query));
        const when = rewrite.when?.[language] ?? "";
        told.append(element("p", {}, button, " ", element("small", {}, when)));
      }
      return told;
    }),
  );
}
