// The answer as a chart of columns that one may choose; what fits is chosen to begin with.

import { chartOf } from "../charts/options";
import { Drawing } from "../charts/picture";
import { distinct, isDay, isNumber, pointsOf, type Kind, type Row, type Spec } from "../charts/spec";
import { text, type Answer } from "./answer";
import { element, type Say } from "./says";

const PICKS = ["kind", "x", "y", "by", "panel"] as const;
const SERIES = 12;

const rowsOf = (answer: Answer): Row[] =>
  answer.rows.map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, text(value)])));

/** The columns whose values fit throughout, where there are any. */
function fitting(rows: Row[], names: string[], fits: (value: string) => boolean): string[] {
  return names.filter((name) => {
    const values = rows.map((row) => row[name] ?? "").filter(Boolean);
    return values.length > 0 && values.every(fits);
  });
}

export function guess(rows: Row[], names: string[]): Spec {
  const days = fitting(rows, names, (value) => isDay(value) && value.length >= 7);
  const years = fitting(rows, names, (value) => /^(19|20)\d\d$/.test(value));
  const numbers = fitting(rows, names, isNumber).filter((name) => !years.includes(name));
  const others = names.filter((name) => ![...days, ...years, ...numbers].includes(name));
  const few = others.filter((name) => distinct(rows.map((row) => row[name] ?? "")).length <= SERIES);
  const time = days[0] ?? years[0];
  if (numbers[0] === undefined) {
    const lane = few[0] ?? others[0] ?? names[0] ?? "";
    return time ? { kind: "timeline", x: time, y: lane, by: others.find((name) => name !== lane) ?? "" } : { kind: "bar", x: others[0] ?? names[0] ?? "", y: names[1] ?? "" };
  }
  const x = time ?? others[0] ?? names.find((name) => name !== numbers[0]) ?? "";
  const by = few.find((name) => name !== x) ?? "";
  return { kind: time ? "line" : by ? "stacked" : "bar", x, y: numbers[0], by };
}

export class ChartView {
  #rows: Row[] = [];
  readonly #drawing: Drawing;
  readonly #frame: HTMLElement;
  readonly #picks = new Map<string, HTMLSelectElement>();

  constructor(
    readonly where: HTMLElement,
    readonly say: Say,
  ) {
    this.#frame = where.querySelector<HTMLElement>(".drawing") as HTMLElement;
    this.#drawing = new Drawing(this.#frame);
    for (const name of PICKS) {
      const pick = where.querySelector<HTMLSelectElement>(`[data-pick="${name}"]`) as HTMLSelectElement;
      this.#picks.set(name, pick);
      pick.addEventListener("change", () => this.draw());
    }
    for (const button of where.querySelectorAll<HTMLButtonElement>("[data-draw]")) {
      button.addEventListener("click", () => void this.#drawing.take(button.dataset["draw"] ?? "", "chart"));
    }
  }

  show(answer: Answer): void {
    this.#rows = rowsOf(answer);
    const names = answer.columns.map((column) => column.name);
    const chosen: Spec = guess(this.#rows, names);
    for (const [pick, select] of this.#picks) {
      if (pick !== "kind") {
        const options = pick === "by" || pick === "panel" ? ["", ...names] : names;
        select.replaceChildren(...options.map((name) => element("option", { value: name }, name || "—")));
      }
      select.value = chosen[pick as keyof Spec] ?? "";
    }
  }

  draw(): void {
    const said = (name: string): string => this.#picks.get(name)?.value ?? "";
    const spec: Spec = { kind: said("kind") as Kind, x: said("x"), y: said("y"), by: said("by"), panel: said("panel") };
    const { points, left } = pointsOf(spec, this.#rows);
    const told = this.where.querySelector<HTMLElement>("[data-drawn]");
    this.#frame.hidden = points.length === 0;
    this.#frame.setAttribute("aria-label", this.say("chart", { x: spec.x, y: spec.y }));
    if (told) {
      told.textContent =
        points.length === 0 ? this.say("nothing-to-draw") : left > 0 ? this.say("left-out", { rows: left }) : "";
    }
    if (points.length > 0) void this.#drawing.show((width) => chartOf(spec, points, width));
  }
}
