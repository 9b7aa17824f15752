// A box that narrows a long list of choices to those whose words contain what is typed, and says
// beside it what is chosen. Choices that are ticked stay in sight.

function fold(text: string): string {
  return text.normalize("NFKC").toLowerCase().replace(/\s+/g, "");
}

function ready(box: HTMLInputElement): void {
  const list = document.getElementById(box.dataset["find"] ?? "");
  const chosen = document.querySelector<HTMLElement>(`[data-chosen="${box.dataset["find"]}"]`);
  if (list === null || box.dataset["ready"] !== undefined) return;
  box.dataset["ready"] = "";
  box.closest<HTMLElement>(".finder")?.removeAttribute("hidden");
  const entries = [...list.querySelectorAll<HTMLLIElement>("li[data-words]")];

  const narrow = (): void => {
    const wanted = fold(box.value);
    for (const entry of entries) {
      const ticked = entry.querySelector<HTMLInputElement>("input")?.checked ?? false;
      entry.hidden = !ticked && !fold(entry.dataset["words"] ?? "").includes(wanted);
    }
  };
  const tell = (): void => {
    if (chosen === null) return;
    const names = entries
      .filter((entry) => entry.querySelector<HTMLInputElement>("input")?.checked)
      .map((entry) => entry.textContent?.trim() ?? "");
    chosen.textContent = names.length > 0 ? names.join("、") : (chosen.dataset["none"] ?? "");
    chosen.classList.toggle("some", names.length > 0);
  };

  box.addEventListener("input", narrow);
  // Enter would send the whole form; here it only ends the search.
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault();
    if (event.key === "Escape") {
      box.value = "";
      narrow();
    }
  });
  list.addEventListener("change", tell);
  tell();
}

export function findInLists(root: ParentNode): void {
  for (const box of root.querySelectorAll<HTMLInputElement>("input[data-find]")) ready(box);
}
