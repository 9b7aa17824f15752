// Buttons that only a script can serve stay hidden until one is here: print, copy the address.

export function offerTools(root: ParentNode): void {
  for (const button of root.querySelectorAll<HTMLButtonElement>("button[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
  // A page that was not served securely has no clipboard; the address is a link beside it.
  if (!("clipboard" in navigator)) return;
  for (const button of root.querySelectorAll<HTMLButtonElement>("button[data-copy]")) {
    const label = button.textContent ?? "";
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(button.dataset["copy"] ?? "");
      button.textContent = button.dataset["done"] ?? label;
      window.setTimeout(() => (button.textContent = label), 2000);
    });
  }
}
