// An answer as GET and POST /result give it in plain JSON (service/questions/plain.py).

export interface Value {
  type: string;
  value: string | number | boolean;
  label?: string;
  href?: string;
  language?: string;
  datatype?: string;
}

export type Cells = Record<string, Value | undefined>;

export interface Answer {
  query: string;
  generation: string | null;
  result: string | null;
  form: "rows" | "statements" | "truth";
  truth: boolean | null;
  columns: { name: string }[];
  rows: Cells[];
  rows_count: number | null;
  complete: boolean;
  permalink: string | null;
}

/** Why there is no answer (RFC 9457, service/errors.py). */
export class Refused extends Error {
  constructor(
    readonly slug: string,
    readonly detail: string,
    readonly hint: string,
    readonly line: number,
    readonly column: number,
  ) {
    super(detail);
  }
}

async function refused(response: Response): Promise<Refused> {
  const told = (await response.json().catch(() => ({}))) as Record<string, unknown>;
  const slug = String(told["type"] ?? "").replace("/problems/", "");
  const [detail, hint] = [String(told["detail"] ?? response.statusText), String(told["hint"] ?? "")];
  return new Refused(slug, detail, hint, Number(told["line"] ?? 0), Number(told["column"] ?? 0));
}

async function post(path: string, fields: Record<string, string>, accept: string, signal?: AbortSignal): Promise<Response> {
  const response = await fetch(path, {
    method: "POST",
    headers: { accept },
    body: new URLSearchParams(fields),
    ...(signal ? { signal } : {}),
  });
  if (!response.ok) throw await refused(response);
  return response;
}

export async function ask(query: string, most: number, signal: AbortSignal): Promise<Answer> {
  const response = await post("/result", { query, most: String(most) }, "application/json", signal);
  return (await response.json()) as Answer;
}

/** The whole of it in a form: with labels (csv, xlsx, json), or as the endpoint gives it. */
export async function take(query: string, form: string): Promise<Blob> {
  const labelled = ["csv", "xlsx", "json"].includes(form);
  const format = form === "srj" ? "json" : form === "srx" ? "xml" : form;
  const response = await post(labelled ? "/result" : "/sparql", { query, format }, "*/*");
  return response.blob();
}

export const text = (value: Value | undefined): string =>
  value === undefined ? "" : String(value.label ?? value.value);
