// ECharts with what is used of it, in a chunk of its own: loaded where something is drawn.

import { BarChart, GraphChart, LineChart, ScatterChart } from "echarts/charts";
import { AriaComponent, GridComponent, LegendComponent, TitleComponent, TooltipComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { CanvasRenderer, SVGRenderer } from "echarts/renderers";

use([
  BarChart, GraphChart, LineChart, ScatterChart,
  AriaComponent, GridComponent, LegendComponent, TitleComponent, TooltipComponent,
  CanvasRenderer, SVGRenderer,
]);

export interface Picture {
  resize(size: { width: number; height: number }): void;
  setOption(option: object, settings: { notMerge: boolean }): void;
  on(event: string, then: (event: { data?: { href?: string } }) => void): void;
  renderToCanvas(settings: object): HTMLCanvasElement;
  dispose(): void;
}

export const draw = (where: HTMLElement): Picture =>
  init(where, null, { renderer: "canvas" }) as unknown as Picture;

/** The same as a file that can be scaled. */
export function svg(option: object, width: number, height: number): string {
  const picture = init(null, null, { renderer: "svg", ssr: true, width, height });
  picture.setOption({ ...option, backgroundColor: "#fff" });
  const text = picture.renderToSVGString();
  picture.dispose();
  return text;
}
