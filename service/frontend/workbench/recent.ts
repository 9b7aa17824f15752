// What was asked lately, kept in this browser alone.

const KEY = "zhunru.recent";
const MOST = 20;

export function recent(): string[] {
  try {
    const kept: unknown = JSON.parse(window.localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(kept) ? kept.filter((one) => typeof one === "string") : [];
  } catch {
    return [];
  }
}

export function remember(query: string): string[] {
  const kept = [query, ...recent().filter((one) => one !== query)].slice(0, MOST);
  try {
    window.localStorage.setItem(KEY, JSON.stringify(kept));
  } catch {
    // A browser that keeps nothing loses nothing but this convenience.
  }
  return kept;
}

/** The query in few words: without its comments and prefixes. */
export function inShort(query: string): string {
  const lines = query.split("\n").filter((line) => !/^\s*(#|PREFIX\b|BASE\b|$)/i.test(line));
  const text = lines.join(" ").replace(/\s+/g, " ").trim();
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
