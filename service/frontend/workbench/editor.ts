// The editor is Yasqe (https://github.com/rdfjs/Yasgui), without what reaches other hosts, keeps
// things of its own or traps the Tab key.

import { Yasqe } from "@zazuko/yasqe";

export interface Editing {
  run(): void;
  complete(): void;
  changed(text: string): void;
}

export function edit(area: HTMLTextAreaElement, label: string, on: Editing): Yasqe {
  // By default it would fetch names from vocabularies' hosts.
  Yasqe.defaults.autocompleters = [];
  const where = document.createElement("div");
  area.after(where);
  area.hidden = true;
  const editor = new Yasqe(where, {
    value: area.value,
    showQueryButton: false,
    resizeable: false,
    persistenceId: null,
    consumeShareLink: null,
    createShareableLink: null as never,
    editorHeight: "",
    lineWrapping: true,
    screenReaderLabel: label,
    extraKeys: {
      Tab: false,
      "Shift-Tab": false,
      Esc: false,
      "Ctrl-]": "indentMore",
      "Ctrl-[": "indentLess",
      "Ctrl-Space": () => on.complete(),
      "Ctrl-Enter": () => on.run(),
      "Cmd-Enter": () => on.run(),
    } as never,
  });
  editor.getInputField().setAttribute("aria-describedby", "keys");
  editor.on("change" as never, (() => {
    area.value = editor.getValue();
    on.changed(area.value);
  }) as never);
  return editor;
}
