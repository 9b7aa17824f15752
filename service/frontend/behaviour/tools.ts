// Buttons that only a script can serve stay hidden until one is here: print, copy the address.
// On paper nothing can be unfolded, so what is folded is printed open.

function printUnfolded(root: ParentNode): void {
  let folded: HTMLDetailsElement[] = [];
  window.addEventListener("beforeprint", () => {
    folded = [...root.querySelectorAll<HTMLDetailsElement>("details.folded:not([open])")];
    for (const details of folded) details.open = true;
  });
  window.addEventListener("afterprint", () => {
    for (const details of folded) details.open = false;
  });
}

export function offerTools(root: ParentNode): void {
  printUnfolded(root);
  for (const button of root.querySelectorAll<HTMLButtonElement>("button[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
  // A page that was not served securely has no clipboard; the address is a link beside it.
  if (!("clipboard" in navigator)) return;
  for (const button of root.querySelectorAll<HTMLButtonElement>("button[data-copy], button[data-copy-address]")) {
    // An address of this site is copied whole.
    const address = button.dataset["copyAddress"];
    const text = address ? new URL(address, window.location.href).href : button.dataset["copy"];
    const label = button.textContent ?? "";
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(text ?? "");
      button.textContent = button.dataset["done"] ?? label;
      window.setTimeout(() => (button.textContent = label), 2000);
    });
  }
}
