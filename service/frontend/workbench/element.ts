// <zr-workbench>: an editor over the form of its page, and the answer in several views. Without
// this script the form asks the plain query page.

import type { Yasqe } from "@zazuko/yasqe";
import { keep } from "../charts/picture";
import { advise } from "./advice";
import { ask, Refused, take, type Answer } from "./answer";
import { ChartView } from "./chart";
import { complete } from "./complete";
import { edit } from "./editor";
import { GraphView } from "./graph";
import { RawView } from "./raw";
import { inShort, recent, remember } from "./recent";
import { element, sayer, type Say } from "./says";
import { Table } from "./table";
import { Tabs } from "./tabs";

class Workbench extends HTMLElement {
  #say: Say = () => "";
  #editor!: Yasqe;
  #tabs!: Tabs;
  #running: AbortController | null = null;
  #answer: Answer | null = null;
  #asked = "";
  #views!: { table: Table; chart: ChartView; graph: GraphView; raw: RawView };

  connectedCallback(): void {
    this.#say = sayer(this.#find("[data-says]"));
    const prefixes = JSON.parse(this.dataset["prefixes"] ?? "{}") as Record<string, string>;
    let offer = (): void => undefined;
    this.#editor = edit(this.#find<HTMLTextAreaElement>("textarea"), this.#say("editor"), {
      run: () => void this.#run(),
      complete: () => offer(),
      changed: () => this.#forget(),
    });
    offer = complete(this.#editor, prefixes, this.#say, this.#language);
    this.#views = {
      table: new Table(this.#find("#view-table"), this.#say),
      chart: new ChartView(this.#find("#view-chart"), this.#say),
      graph: new GraphView(this.#find("#view-graph"), this.#say),
      raw: new RawView(this.#find("#view-raw"), this.#say),
    };
    this.#tabs = new Tabs(this.#find('[role="tablist"]'), (name) => this.#draw(name));
    this.#wire(prefixes);
    this.#recall(recent());
    if (this.dataset["runs"] !== undefined) void this.#run();
  }

  get #language(): "zh" | "en" {
    return this.lang === "en" ? "en" : "zh";
  }

  #find<T extends HTMLElement = HTMLElement>(selector: string): T {
    return this.querySelector<T>(selector) as T;
  }

  #act(name: string): HTMLButtonElement {
    return this.#find<HTMLButtonElement>(`button[data-act="${name}"]`);
  }

  #wire(prefixes: Record<string, string>): void {
    this.#find("form").addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#run();
    });
    this.#act("stop").addEventListener("click", () => this.#running?.abort());
    for (const name of ["prefixes", "format"]) this.#act(name).hidden = false;
    this.#act("prefixes").addEventListener("click", () => this.#addPrefixes(prefixes));
    this.#act("format").addEventListener("click", () => this.#editor.autoformat());
    for (const name of ["question", "recent"]) {
      const select = this.#find<HTMLSelectElement>(`select[data-act="${name}"]`);
      select.addEventListener("change", () => {
        if (select.value) this.#put(select.value);
        select.value = "";
      });
    }
    const copy = this.#act("copy");
    copy.hidden = !("clipboard" in navigator);
    copy.addEventListener("click", async () => {
      const label = copy.textContent;
      await navigator.clipboard.writeText(this.#find<HTMLAnchorElement>("[data-permalink]").href);
      copy.textContent = copy.dataset["done"] ?? label;
      window.setTimeout(() => (copy.textContent = label), 2000);
    });
    for (const button of this.querySelectorAll<HTMLButtonElement>("[data-take]")) {
      button.addEventListener("click", () => void this.#take(button));
    }
  }

  #put(query: string): void {
    this.#editor.setValue(query);
    this.#editor.focus();
  }

  /** Those of our prefixes that the query uses and does not declare. */
  #addPrefixes(prefixes: Record<string, string>): void {
    const declared = this.#editor.getPrefixesFromQuery();
    const text = this.#editor.getValueWithoutComments();
    const missing = Object.entries(prefixes).filter(
      ([name]) => !(name in declared) && new RegExp(`(^|[^\\w:])${name}:`).test(text),
    );
    if (missing.length > 0) this.#editor.addPrefixes(Object.fromEntries(missing));
  }

  #recall(kept: string[]): void {
    const label = this.#find("[data-recent]");
    label.hidden = kept.length === 0;
    const select = this.#find<HTMLSelectElement>('select[data-act="recent"]');
    const first = select.options[0];
    select.replaceChildren(
      ...(first ? [first] : []),
      ...kept.map((query) => element("option", { value: query }, inShort(query))),
    );
  }

  /** A fault is of the query that had it. */
  #forget(): void {
    const fault = this.#find("#fault");
    if (fault.hidden) return;
    fault.hidden = true;
    this.#editor.eachLine((line) => void this.#editor.removeLineClass(line, "background", "at-fault"));
  }

  async #run(): Promise<void> {
    const query = this.#editor.getValue();
    if (!query.trim()) return;
    this.#running?.abort();
    const running = new AbortController();
    this.#running = running;
    this.#forget();
    this.#find("[data-found]").hidden = false;
    this.#status(this.#say("busy"));
    this.#act("stop").hidden = false;
    void advise(this.#find("[data-advice]"), query, this.#say, this.#language, (rewritten) => this.#put(rewritten));
    const since = performance.now();
    try {
      const answer = await ask(query, Number(this.dataset["shown"] ?? 2000), running.signal);
      if (this.#running !== running) return;
      this.#recall(remember(query));
      this.#show(query, answer, (performance.now() - since) / 1000);
    } catch (error) {
      if (this.#running !== running) return;
      if (error instanceof Refused) this.#refuse(error);
      else this.#status(this.#say(running.signal.aborted ? "stopped" : "failed"));
    } finally {
      if (this.#running === running) {
        this.#running = null;
        this.#act("stop").hidden = true;
      }
    }
  }

  #status(text: string): void {
    this.#find("[data-status]").textContent = text;
  }

  #refuse(error: Refused): void {
    this.#find("[data-found]").hidden = this.#answer === null;
    this.#status("");
    const at = error.line ? this.#say("at", { line: error.line, column: error.column }) : "";
    const fault = this.#find("#fault");
    const hint = error.hint ? ` (${error.hint})` : "";
    const detail = element("p", { className: "quiet", lang: "en" }, error.detail + hint);
    fault.replaceChildren(element("p", {}, (this.#say(error.slug) || this.#say("failed")) + at), detail);
    fault.hidden = false;
    if (error.line) {
      this.#editor.addLineClass(error.line - 1, "background", "at-fault");
      this.#editor.getDoc().setCursor({ line: error.line - 1, ch: Math.max(error.column - 1, 0) });
      this.#editor.focus();
    }
  }

  #show(query: string, answer: Answer, seconds: number): void {
    this.#answer = answer;
    this.#asked = query;
    this.#views.table.show(answer);
    this.#views.chart.show(answer);
    this.#views.graph.show(answer);
    this.#views.raw.show(query, answer.form);
    this.#tell(answer, seconds);
    const views = ["table"];
    if (answer.form === "rows" && answer.rows.length > 0) views.push("chart");
    if (answer.form === "statements" && answer.rows.length > 0) views.push("graph");
    this.#tabs.offer([...views, "raw"], this.#tabs.current || "table");
  }

  #tell(answer: Answer, seconds: number): void {
    const values = {
      rows: answer.rows_count ?? 0,
      shown: answer.rows.length,
      seconds: seconds.toFixed(seconds < 1 ? 2 : 1),
    };
    const whole = answer.form === "statements" ? "statements" : "rows";
    const key = answer.rows_count === null ? "cut" : answer.complete ? whole : "part";
    this.#status(answer.truth === null ? this.#say(key, values) : "");
    this.#find("[data-takes]").hidden = answer.rows_count === null;
    for (const button of this.querySelectorAll<HTMLButtonElement>("[data-take]")) {
      const of = button.dataset["of"];
      button.hidden = of !== undefined && (of === "statements") !== (answer.form === "statements");
    }
    this.#find("[data-named]").hidden = answer.permalink === null;
    const named = (name: string, value: string): void => {
      const code = this.#find(`[data-${name}]`);
      code.textContent = value ? `${value.slice(0, 12)}…` : "—";
      code.title = value;
    };
    named("generation", answer.generation ?? "");
    named("result", answer.result ?? "");
    this.#find<HTMLAnchorElement>("[data-permalink]").href = answer.permalink ?? "";
  }

  #draw(view: string): void {
    if (view === "chart") this.#views.chart.draw();
    if (view === "graph") this.#views.graph.draw();
    if (view === "raw") void this.#views.raw.draw();
  }

  async #take(button: HTMLButtonElement): Promise<void> {
    const form = button.dataset["take"] ?? "";
    button.disabled = true;
    try {
      keep(`result.${form}`, await take(this.#asked, form));
    } catch (error) {
      if (error instanceof Refused) this.#refuse(error);
    } finally {
      button.disabled = false;
    }
  }
}

customElements.define("zr-workbench", Workbench);
