// What is drawn: columns of rows, as a question's header or the workbench says it
// (kb/query_show.py). Values are texts; a row that lacks a number or a day cannot be drawn.

export type Kind = "bar" | "stacked" | "line" | "timeline";

export interface Spec {
  kind: Kind;
  x: string;
  y: string;
  by?: string;
  panel?: string;
}

export type Row = Record<string, string | undefined>;

export interface Point {
  x: string;
  y: string;
  by: string;
  panel: string;
}

export interface Drawn {
  points: Point[];
  /** Rows that have no number or no day where one is needed. */
  left: number;
}

const DAY = /^-?\d{4}(-\d{2}(-\d{2})?)?(T.*)?$/;

export const isNumber = (text: string): boolean => text.trim() !== "" && Number.isFinite(Number(text));
export const isDay = (text: string): boolean => DAY.test(text);

export function pointsOf(spec: Spec, rows: Row[]): Drawn {
  const points: Point[] = [];
  for (const row of rows) {
    const [x, y] = [row[spec.x] ?? "", row[spec.y] ?? ""];
    const fits = spec.kind === "timeline" ? isDay(x) && y !== "" : isNumber(y) && x !== "";
    if (fits) {
      points.push({ x, y, by: row[spec.by ?? ""] ?? "", panel: row[spec.panel ?? ""] ?? "" });
    }
  }
  return { points, left: rows.length - points.length };
}

/** The values in the order they come. */
export const distinct = (values: string[]): string[] => [...new Set(values)];

/** A day, a month or a year as the axis places it. */
export const timeOf = (text: string): number => Date.parse(text.length === 4 ? `${text}-01-01` : text);
