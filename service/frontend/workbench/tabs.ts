// Tabs by the keys people know: https://www.w3.org/WAI/ARIA/apg/patterns/tabs/

export class Tabs {
  readonly #tabs: HTMLButtonElement[];

  constructor(
    list: HTMLElement,
    readonly chosen: (name: string) => void,
  ) {
    this.#tabs = [...list.querySelectorAll<HTMLButtonElement>('[role="tab"]')];
    for (const tab of this.#tabs) tab.addEventListener("click", () => this.choose(this.name(tab)));
    list.addEventListener("keydown", (event) => {
      const open = this.#tabs.filter((tab) => !tab.hidden);
      const at = open.findIndex((tab) => tab === document.activeElement);
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      const to = event.key === "Home" ? 0 : event.key === "End" ? open.length - 1 : step === undefined || at < 0 ? -1 : (at + step + open.length) % open.length;
      const tab = open[to];
      if (tab === undefined) return;
      event.preventDefault();
      tab.focus();
      this.choose(this.name(tab));
    });
  }

  name(tab: HTMLElement): string {
    return tab.id.replace("tab-", "");
  }

  /** Let some views be chosen, and choose one. */
  offer(names: string[], choose: string): void {
    for (const tab of this.#tabs) tab.hidden = !names.includes(this.name(tab));
    this.choose(names.includes(choose) ? choose : (names[0] ?? ""));
  }

  get current(): string {
    const tab = this.#tabs.find((one) => one.getAttribute("aria-selected") === "true");
    return tab ? this.name(tab) : "";
  }

  choose(name: string): void {
    for (const tab of this.#tabs) {
      const here = this.name(tab) === name;
      tab.setAttribute("aria-selected", String(here));
      tab.tabIndex = here ? 0 : -1;
      const view = document.getElementById(`view-${this.name(tab)}`);
      if (view) view.hidden = !here;
    }
    this.chosen(name);
  }
}
