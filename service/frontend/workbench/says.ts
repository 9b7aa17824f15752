// The texts of the page's language, which the template holds: say("rows", { rows: 3 }).

export type Say = (key: string, values?: Record<string, string | number>) => string;

export function sayer(list: Element | null): Say {
  const texts = new Map<string, string>();
  for (const item of list?.querySelectorAll<HTMLElement>("[data-key]") ?? []) {
    texts.set(item.dataset["key"] ?? "", item.textContent ?? "");
  }
  return (key, values = {}) =>
    (texts.get(key) ?? "").replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ""));
}

export function element<K extends keyof HTMLElementTagNameMap>(
  name: K,
  properties: Partial<HTMLElementTagNameMap[K]> = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}
