// A chart as ECharts takes it (https://echarts.apache.org/en/option.html). Tooltips are drawn, not
// written as HTML: styles in markup are refused by the pages' content security policy.

import { distinct, isDay, isNumber, timeOf, type Point, type Spec } from "./spec";

type Option = Record<string, unknown>;

const COLOURS = ["#1d4e86", "#c2571a", "#2c7a52", "#7a4fa3", "#a87400", "#b83280", "#20788a", "#566270", "#8c2f2f"];
const FONT = '"PingFang SC", "Hiragino Sans GB", "Microsoft YaHei", "Noto Sans CJK SC", system-ui, sans-serif';
const TEXT = { fontFamily: FONT, fontSize: 13, color: "#18212b" };
const BAR = 18;
const GAP = 12;
const AXIS = 44;
const TITLE = 28;
const LEGEND = 34;

export interface Chart {
  option: Option;
  height: number;
}

interface Frame {
  option: Option;
  top: number;
}

/** The chart of some points, for a width in pixels; its height is what they need. */
export function chartOf(spec: Spec, points: Point[], width: number): Chart {
  if (spec.kind === "timeline") return timeline(points, width);
  return spec.kind === "line" ? lines(points, width) : bars(points, width, spec.kind === "stacked");
}

function frame(names: string[], width: number): Frame {
  const legend = names.filter(Boolean);
  const rows = Math.ceil(legend.reduce((sum, name) => sum + 40 + 14 * name.length, 0) / width);
  const top = legend.length > 1 ? LEGEND + 22 * (rows - 1) : 8;
  return {
    top,
    option: {
      animation: false,
      textStyle: TEXT,
      color: COLOURS,
      aria: { enabled: true },
      legend: legend.length > 1 ? { top: 0, left: 0, data: legend, textStyle: TEXT } : undefined,
      tooltip: { trigger: "item", renderMode: "richText", confine: true, textStyle: TEXT },
    },
  };
}

const labelWidth = (width: number): number => Math.min(240, Math.max(90, Math.round(width * 0.32)));

function categories(names: string[], width: number): Option {
  return {
    type: "category",
    data: names,
    inverse: true,
    axisTick: { show: false },
    axisLabel: { ...TEXT, width: labelWidth(width), overflow: "break", lineHeight: 16, interval: 0 },
  };
}

function panelTitle(name: string, top: number): Option {
  return { text: name, top, left: 0, textStyle: { ...TEXT, fontWeight: "bold" } };
}

/** Several values under one name are drawn side by side: none is added to another. */
function layers(points: Point[], names: string[]): (string | undefined)[][] {
  const found: (string | undefined)[][] = [];
  for (const point of points) {
    const at = names.indexOf(point.x);
    const layer = found.find((values) => values[at] === undefined);
    if (layer) layer[at] = point.y;
    else {
      const fresh: (string | undefined)[] = names.map(() => undefined);
      fresh[at] = point.y;
      found.push(fresh);
    }
  }
  return found;
}

function bars(points: Point[], width: number, stacked: boolean): Chart {
  const series = distinct(points.map((point) => point.by));
  const panels = distinct(points.map((point) => point.panel));
  const { option, top } = frame(series, width);
  const parts: Option[][] = [[], [], [], [], []];
  let at = top;
  panels.forEach((panel, number) => {
    const here = points.filter((point) => point.panel === panel);
    const names = distinct(here.map((point) => point.x));
    if (panel) {
      parts[4]?.push(panelTitle(panel, at));
      at += TITLE;
    }
    const drawn = series.flatMap((by) =>
      layers(here.filter((point) => point.by === by), names).map((values) => ({ by, values })),
    );
    const across = stacked ? 1 : Math.max(1, drawn.length);
    const lines = Math.max(...names.map((name) => Math.ceil((13 * name.length) / labelWidth(width))));
    const height = names.length * Math.max(across * BAR + GAP, lines * 17 + 4);
    parts[0]?.push({ top: at, height, left: labelWidth(width) + 14, right: 56 });
    parts[1]?.push({ type: "value", gridIndex: number, axisLabel: TEXT, splitNumber: 4 });
    parts[2]?.push({ ...categories(names, width), gridIndex: number });
    for (const { by, values } of drawn) {
      parts[3]?.push({
        type: "bar",
        name: by,
        xAxisIndex: number,
        yAxisIndex: number,
        stack: stacked ? `p${number}` : undefined,
        barMaxWidth: BAR + 4,
        itemStyle: { color: COLOURS[Math.max(series.indexOf(by), 0) % COLOURS.length] },
        label: stacked ? undefined : { show: true, position: "right", ...TEXT },
        data: values.map((value) => (value === undefined ? null : Number(value))),
      });
    }
    at += height + AXIS;
  });
  const [grid, xAxis, yAxis, all, title] = parts;
  return { option: { ...option, grid, xAxis, yAxis, series: all, title }, height: at };
}

function lines(points: Point[], width: number): Chart {
  const series = distinct(points.map((point) => point.by));
  const panels = distinct(points.map((point) => point.panel));
  const { option, top } = frame(series, width);
  const days = points.every((point) => isDay(point.x)) && !points.every((point) => point.x.length < 4);
  const type = days ? "time" : points.every((point) => isNumber(point.x)) ? "value" : "category";
  const parts: Option[][] = [[], [], [], [], []];
  let at = top;
  panels.forEach((panel, number) => {
    const here = points.filter((point) => point.panel === panel);
    if (panel) {
      parts[4]?.push(panelTitle(panel, at));
      at += TITLE;
    }
    parts[0]?.push({ top: at + 8, height: 240, left: 64, right: 24 });
    parts[1]?.push({ type, gridIndex: number, axisLabel: TEXT, scale: true, data: type === "category" ? distinct(here.map((p) => p.x)) : undefined });
    parts[2]?.push({ type: "value", gridIndex: number, axisLabel: TEXT });
    for (const by of series) {
      const own = here.filter((point) => point.by === by);
      if (own.length === 0) continue;
      const data = own.map((point) => [type === "time" ? timeOf(point.x) : type === "value" ? Number(point.x) : point.x, Number(point.y)]);
      if (type !== "category") data.sort((a, b) => Number(a[0]) - Number(b[0]));
      parts[3]?.push({
        type: "line",
        name: by,
        xAxisIndex: number,
        yAxisIndex: number,
        symbolSize: 7,
        itemStyle: { color: COLOURS[Math.max(series.indexOf(by), 0) % COLOURS.length] },
        data,
      });
    }
    at += 248 + AXIS;
  });
  const [grid, xAxis, yAxis, all, title] = parts;
  return { option: { ...option, grid, xAxis, yAxis, series: all, title }, height: at };
}

/** What falls on one day in one lane is one circle, as large as there are many. */
function timeline(points: Point[], width: number): Chart {
  const lanes = distinct(points.map((point) => point.y));
  const { option } = frame([], width);
  const found = new Map<string, { point: Point; names: string[] }>();
  for (const point of points) {
    const key = `${point.x}\n${point.y}`;
    const place = found.get(key) ?? { point, names: [] };
    place.names.push(point.by);
    found.set(key, place);
  }
  const data = [...found.values()].map(({ point, names }) => ({
    value: [timeOf(point.x), point.y, names.length],
    name: point.x,
    symbolSize: 14 + 6 * Math.sqrt(names.length - 1),
    label: { show: names.length > 1, formatter: String(names.length), color: "#fff", fontSize: 12 },
    tooltip: { formatter: () => [`${point.x}  ${point.y}`, ...shortened(names)].join("\n") },
  }));
  const height = lanes.length * 56;
  const times = points.map((point) => timeOf(point.x));
  const year = 365 * 86_400_000;
  return {
    option: {
      ...option,
      grid: { top: 12, height, left: labelWidth(width) + 14, right: 32 },
      xAxis: {
        type: "time",
        min: Math.min(...times) - year / 2,
        max: Math.max(...times) + year / 2,
        axisLabel: { ...TEXT, hideOverlap: true },
        splitLine: { show: true, lineStyle: { color: "#e4e8ed" } },
      },
      yAxis: { ...categories(lanes, width), splitLine: { show: true, lineStyle: { color: "#e4e8ed" } } },
      series: [{ type: "scatter", data, itemStyle: { color: COLOURS[0], opacity: 0.85 } }],
    },
    height: height + 12 + AXIS,
  };
}

function shortened(names: string[]): string[] {
  const shown = names.filter(Boolean).slice(0, 12);
  const lines = shown.map((name) => (name.length > 40 ? `${name.slice(0, 40)}…` : name));
  return names.length > shown.length ? [...lines, "…"] : lines;
}
