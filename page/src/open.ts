// A model from a file in place of the one that the page came with.

import { el } from "./dom";
import { TEXTS } from "./texts";

const LARGEST_FILE = 200_000_000;

export interface Opener { section: HTMLElement; taken(): void; refused(text: string): void }

export function openFile(open: (file: Uint8Array) => void): Opener {
  const t = TEXTS;
  const status = el("p", { id: "open-status", role: "status" });
  let chosen = "";
  const say = (text: string) => (status.textContent = text);
  const choose = el("input", {
    id: "open", type: "file", accept: ".safetensors", change: () => {
      const file = choose.files?.[0];
      if (!file) return;
      chosen = file.name;
      if (file.size > LARGEST_FILE) say(t.modelTooLarge);
      else void file.arrayBuffer().then((content) => open(new Uint8Array(content)));
    },
  });
  const section = el("section", { "aria-labelledby": "open-title" },
    el("h2", { id: "open-title" }, t.otherModel), el("p", { class: "hint" }, t.otherModelHint),
    el("div", { class: "acts" }, el("label", { class: "file", for: "open" }, t.openModel), choose), status);
  return { section, taken: () => { if (chosen) say(t.opened(chosen)); }, refused: say };
}
