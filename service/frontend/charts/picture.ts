// A drawing in an element: as wide as that is, and to be taken away as SVG or PNG.

import type { Picture } from "./engine";
import type { Chart } from "./options";

/** Give the browser a file to keep. */
export function keep(name: string, data: Blob): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(data);
  link.download = name;
  link.click();
  window.setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

export class Drawing {
  #picture: Picture | null = null;
  #chart: Chart | null = null;
  #width = 0;
  #make: ((width: number) => Chart) | null = null;
  readonly #watch = new ResizeObserver(() => void this.#fit());

  constructor(
    readonly where: HTMLElement,
    readonly follow: (href: string) => void = () => undefined,
  ) {
    this.#watch.observe(where);
  }

  async show(make: (width: number) => Chart): Promise<void> {
    this.#make = make;
    this.#width = 0;
    await this.#fit();
  }

  async #fit(): Promise<void> {
    const width = this.where.clientWidth;
    if (this.#make === null || width === 0 || width === this.#width) return;
    this.#width = width;
    const chart = this.#make(width);
    this.#chart = chart;
    this.where.style.height = `${chart.height}px`;
    const { draw } = await import("./engine");
    if (this.#picture === null) {
      this.#picture = draw(this.where);
      this.#picture.on("click", ({ data }) => data?.href && this.follow(data.href));
    }
    this.#picture.resize({ width, height: chart.height });
    this.#picture.setOption(chart.option, { notMerge: true });
  }

  async take(form: string, name: string): Promise<void> {
    if (this.#picture === null || this.#chart === null) return;
    if (form === "svg") {
      const { svg } = await import("./engine");
      const text = svg(this.#chart.option, this.#width, this.#chart.height);
      keep(`${name}.svg`, new Blob([text], { type: "image/svg+xml" }));
    } else {
      const canvas = this.#picture.renderToCanvas({ pixelRatio: 2, backgroundColor: "#fff" });
      canvas.toBlob((blob) => blob && keep(`${name}.png`, blob), "image/png");
    }
  }
}
