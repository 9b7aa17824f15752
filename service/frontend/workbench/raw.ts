// The answer as the endpoint gives it, in one of its forms.

import { Refused, take } from "./answer";
import { element, type Say } from "./says";

const SHOWN = 200_000;
const FORMS: Record<string, [string, string][]> = {
  rows: [["srj", "SPARQL JSON"], ["srx", "SPARQL XML"], ["csv-plain", "CSV"], ["tsv", "TSV"]],
  statements: [["ttl", "Turtle"], ["nt", "N-Triples"], ["jsonld", "JSON-LD"], ["trig", "TriG"], ["nq", "N-Quads"], ["rdf", "RDF/XML"]],
};

export class RawView {
  #query = "";
  #shown = "";

  constructor(
    readonly where: HTMLElement,
    readonly say: Say,
  ) {
    this.#pick.addEventListener("change", () => void this.draw());
  }

  get #pick(): HTMLSelectElement {
    return this.where.querySelector<HTMLSelectElement>('[data-pick="form"]') as HTMLSelectElement;
  }

  show(query: string, form: string): void {
    this.#query = query;
    this.#shown = "";
    const forms = FORMS[form === "statements" ? "statements" : "rows"] ?? [];
    this.#pick.replaceChildren(...forms.map(([value, name]) => element("option", { value }, name)));
  }

  async draw(): Promise<void> {
    const form = this.#pick.value;
    const key = `${form} ${this.#query}`;
    if (key === this.#shown) return;
    this.#shown = key;
    const code = this.where.querySelector("code") as HTMLElement;
    const cut = this.where.querySelector<HTMLElement>("[data-cut]") as HTMLElement;
    code.textContent = this.say("busy");
    cut.hidden = true;
    try {
      // The endpoint's own CSV, without labels.
      const whole = await (await take(this.#query, form === "csv-plain" ? "text/csv" : form)).text();
      if (this.#shown !== key) return;
      cut.hidden = whole.length <= SHOWN;
      cut.textContent = this.say("raw-cut");
      code.textContent = whole.slice(0, SHOWN);
    } catch (error) {
      this.#shown = "";
      code.textContent = error instanceof Refused ? error.detail : String(error);
    }
  }
}
