// Statements as a graph of things: what CONSTRUCT and DESCRIBE give. The same is in the table, for
// a graph can only be looked at.

import type { Chart } from "../charts/options";
import { Drawing } from "../charts/picture";
import { text, type Answer, type Value } from "./answer";
import type { Say } from "./says";

const MOST = 300;
const SHORT = 16;

const shorten = (name: string): string => (name.length > SHORT ? `${name.slice(0, SHORT)}…` : name);
const keyOf = (value: Value): string => `${value.type} ${value.value}`;

interface Drawn {
  option: object;
  nodes: number;
  links: number;
}

function graphOf(answer: Answer, width: number): Drawn {
  const nodes = new Map<string, object>();
  const links: object[] = [];
  const counts = new Map<string, number>();
  const shown = answer.rows.slice(0, MOST);
  for (const row of shown) {
    for (const value of [row["s"], row["o"]]) {
      if (value) counts.set(keyOf(value), (counts.get(keyOf(value)) ?? 0) + 1);
    }
  }
  const add = (value: Value): string => {
    const key = keyOf(value);
    const thing = value.type === "iri" || value.type === "blank";
    nodes.set(key, {
      id: key,
      name: text(value),
      href: value.href,
      category: thing ? 0 : 1,
      symbol: thing ? "circle" : "rect",
      symbolSize: thing ? 14 + 3 * Math.sqrt(counts.get(key) ?? 1) : [10, 10],
      label: { formatter: shorten(text(value)) },
    });
    return key;
  };
  for (const { s, p, o } of shown) {
    if (s && p && o) links.push({ source: add(s), target: add(o), label: { formatter: text(p) } });
  }
  const scale = Math.min(1, width / 800);
  const option = {
    animation: false,
    tooltip: { renderMode: "richText", confine: true },
    series: [
      {
        type: "graph",
        layout: "force",
        roam: true,
        draggable: true,
        force: { repulsion: 420 * scale, edgeLength: 130 * scale, gravity: 0.06, layoutAnimation: false },
        categories: [{ itemStyle: { color: "#1d4e86" } }, { itemStyle: { color: "#a87400" } }],
        edgeSymbol: ["none", "arrow"],
        edgeSymbolSize: 7,
        lineStyle: { color: "#8896a5", width: 1.2, curveness: 0.08 },
        edgeLabel: { show: links.length <= 60, fontSize: 11, color: "#414e5a", opacity: 1 },
        labelLayout: { hideOverlap: true },
        label: { show: nodes.size <= 120, position: "right", fontSize: 12, color: "#18212b" },
        data: [...nodes.values()],
        links,
      },
    ],
  };
  return { option, nodes: nodes.size, links: links.length };
}

export class GraphView {
  #answer: Answer | null = null;
  readonly #drawing: Drawing;
  readonly #frame: HTMLElement;

  constructor(
    readonly where: HTMLElement,
    readonly say: Say,
  ) {
    this.#frame = where.querySelector<HTMLElement>(".drawing") as HTMLElement;
    this.#drawing = new Drawing(this.#frame, (href) => window.open(href, "_blank", "noopener"));
    for (const button of where.querySelectorAll<HTMLButtonElement>("[data-draw]")) {
      button.addEventListener("click", () => void this.#drawing.take(button.dataset["draw"] ?? "", "graph"));
    }
  }

  show(answer: Answer): void {
    this.#answer = answer;
  }

  draw(): void {
    if (this.#answer === null) return;
    const answer = this.#answer;
    const { nodes, links } = graphOf(answer, 0);
    const label = this.say("graph", { nodes, links });
    const cut = answer.rows.length > MOST ? ` ${this.say("many-nodes", { shown: MOST })}` : "";
    this.#frame.setAttribute("aria-label", label);
    const told = this.where.querySelector<HTMLElement>("[data-drawn]");
    if (told) told.textContent = label + cut;
    const height = Math.round(Math.min(640, Math.max(360, window.innerHeight * 0.65)));
    void this.#drawing.show((width): Chart => {
      const { option } = graphOf(answer, width);
      return { option: option as Chart["option"], height };
    });
  }
}
