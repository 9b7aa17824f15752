// <zr-chart kind="bar" x="number" y="norms" by="check" rows="id of a table" label="…" name="…">
// draws the rows of a table of the same page, which stays below for everybody.

import { chartOf } from "./options";
import { Drawing } from "./picture";
import { pointsOf, type Kind, type Row, type Spec } from "./spec";

export function rowsOf(table: HTMLTableElement): Row[] {
  const names = [...table.tHead?.rows[0]?.cells ?? []].map((cell) => cell.dataset["name"] ?? "");
  return [...table.tBodies[0]?.rows ?? []].map((row) =>
    Object.fromEntries(names.map((name, at) => [name, row.cells[at]?.dataset["value"]])),
  );
}

class ChartElement extends HTMLElement {
  connectedCallback(): void {
    const table = document.getElementById(this.getAttribute("rows") ?? "");
    if (!(table instanceof HTMLTableElement)) return;
    const said = (name: string): string | undefined => this.getAttribute(name) ?? undefined;
    const spec: Spec = {
      kind: (said("kind") ?? "bar") as Kind,
      x: said("x") ?? "",
      y: said("y") ?? "",
      ...(said("by") ? { by: said("by") } : {}),
      ...(said("panel") ? { panel: said("panel") } : {}),
    };
    const { points } = pointsOf(spec, rowsOf(table));
    if (points.length === 0) return;
    this.hidden = false;
    const where = document.createElement("div");
    where.className = "drawing";
    where.setAttribute("role", "img");
    where.setAttribute("aria-label", said("label") ?? "");
    this.prepend(where);
    const drawing = new Drawing(where);
    void drawing.show((width) => chartOf(spec, points, width));
    for (const button of this.querySelectorAll<HTMLButtonElement>("button[data-take]")) {
      button.addEventListener("click", () => {
        void drawing.take(button.dataset["take"] ?? "", said("name") ?? "chart");
      });
    }
  }
}

customElements.define("zr-chart", ChartElement);
