// The answer as a table: sorted by a column, narrowed by words, page by page.

import { text, type Answer, type Cells, type Value } from "./answer";
import { element, type Say } from "./says";

const PAGE = 100;

function cell(value: Value | undefined): HTMLTableCellElement {
  const made = element("td");
  if (value === undefined) return made;
  if (value.href) {
    made.append(element("a", { href: value.href, title: String(value.value) }, text(value)));
  } else {
    made.append(element("span", value.language ? { lang: value.language } : {}, text(value)));
    if (value.type === "iri") made.title = String(value.value);
  }
  if (typeof value.value === "number") made.className = "number";
  return made;
}

function compare(a: Value | undefined, b: Value | undefined): number {
  if (typeof a?.value === "number" && typeof b?.value === "number") return a.value - b.value;
  return text(a).localeCompare(text(b), "zh-Hans", { numeric: true });
}

export class Table {
  #answer: Answer | null = null;
  #sorted: { name: string; down: boolean } | null = null;
  #words = "";
  #first = 0;
  readonly #filter: HTMLInputElement;
  readonly #body = element("div", { className: "scroll", tabIndex: 0 });
  readonly #pages = element("p", { className: "turning" });

  constructor(
    readonly where: HTMLElement,
    readonly say: Say,
  ) {
    this.#filter = element("input", { type: "search", autocomplete: "off" });
    this.#filter.addEventListener("input", () => {
      this.#words = this.#filter.value.normalize("NFKC").toLowerCase();
      this.#first = 0;
      this.#draw();
    });
    this.#body.setAttribute("role", "region");
    this.#body.setAttribute("aria-label", say("rows-of-answer"));
  }

  show(answer: Answer): void {
    this.#answer = answer;
    this.#sorted = null;
    this.#words = this.#filter.value = "";
    this.#first = 0;
    this.where.replaceChildren();
    if (answer.truth !== null) {
      this.where.append(element("p", { className: "truth" }, this.say(answer.truth ? "yes" : "no")));
    } else if (answer.rows.length === 0) {
      this.where.append(element("p", {}, this.say("none")));
    } else {
      const filter = element("label", { className: "filter" }, `${this.say("filter")} `, this.#filter);
      filter.hidden = answer.rows.length <= 10;
      this.where.append(filter, this.#body, this.#pages);
      this.#draw();
    }
  }

  #rows(): Cells[] {
    const rows = this.#answer?.rows ?? [];
    const fits = (row: Cells): boolean =>
      Object.values(row).some((value) => text(value).toLowerCase().includes(this.#words));
    const found = this.#words ? rows.filter(fits) : [...rows];
    const by = this.#sorted;
    if (by) found.sort((a, b) => (by.down ? -1 : 1) * compare(a[by.name], b[by.name]));
    return found;
  }

  #draw(): void {
    const names = this.#answer?.columns.map((column) => column.name) ?? [];
    const rows = this.#rows();
    const shown = rows.slice(this.#first, this.#first + PAGE);
    const head = element("tr", {}, ...names.map((name) => this.#head(name)));
    const lines = shown.map((row) => element("tr", {}, ...names.map((name) => cell(row[name]))));
    this.#body.replaceChildren(
      element("table", { className: "results" }, element("thead", {}, head), element("tbody", {}, ...lines)),
    );
    this.#turn(rows.length, shown.length);
  }

  #head(name: string): HTMLTableCellElement {
    const here = this.#sorted?.name === name ? this.#sorted : null;
    const button = element("button", { type: "button", className: "sort", title: this.say("sort", { name }) }, name);
    button.addEventListener("click", () => {
      this.#sorted = { name, down: here !== null && !here.down };
      this.#first = 0;
      this.#draw();
      this.#body.querySelector<HTMLElement>(`[data-name="${CSS.escape(name)}"] button`)?.focus();
    });
    const head = element("th", { scope: "col" }, button);
    const values = this.#answer?.rows.slice(0, PAGE).map((row) => row[name]?.value) ?? [];
    if (values.every((value) => value === undefined || typeof value === "number")) head.className = "number";
    head.dataset["name"] = name;
    if (here) head.setAttribute("aria-sort", here.down ? "descending" : "ascending");
    return head;
  }

  #turn(rows: number, shown: number): void {
    this.#pages.hidden = rows <= PAGE;
    const to = (key: string, first: number, open: boolean): HTMLButtonElement => {
      const button = element("button", { type: "button", disabled: !open }, this.say(key));
      button.addEventListener("click", () => {
        this.#first = first;
        this.#draw();
        this.where.scrollIntoView({ block: "nearest" });
      });
      return button;
    };
    this.#pages.replaceChildren(
      to("earlier", this.#first - PAGE, this.#first > 0),
      ` ${this.say("page", { first: rows ? this.#first + 1 : 0, last: this.#first + shown, rows })} `,
      to("later", this.#first + PAGE, this.#first + PAGE < rows),
    );
  }
}
