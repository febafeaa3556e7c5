// Parts of forms that views share.

import { el } from "./dom";
import type { FromWorker } from "./messages";
import { TEXTS } from "./texts";
import type { Inputs, Wish } from "./wishes";

export interface View {
  elements: HTMLElement[];
  hear(message: FromWorker): void;
  begin(): void;
}

// Times the temperature of the model.
export const DARING = [0.4, 0.6, 0.8, 1, 1.15, 1.3, 1.6];

export function field(
  inputs: Inputs, wished: Map<string, string>, name: Wish, label: string, attributes: Record<string, string | number> = {},
): HTMLLabelElement {
  const box = el("input", { id: name, type: "text", autocomplete: "off", spellcheck: "false", ...attributes });
  box.value = wished.get(name) ?? String(attributes.value ?? "");
  inputs.set(name, box);
  return el("label", { class: "field", for: name }, el("span", {}, label), box);
}

// How daring, in words.
export function daringField(inputs: Inputs, wished: Map<string, string>): HTMLElement {
  const said = el("output", { for: "daring" });
  const label = field(inputs, wished, "daring", TEXTS.daring, {
    type: "range", min: 0, max: DARING.length - 1, step: 1, value: DARING.indexOf(1),
  });
  const range = inputs.get("daring")!;
  const say = () => {
    said.value = TEXTS.daringWords[+range.value];
    range.setAttribute("aria-valuetext", said.value);
  };
  range.addEventListener("input", say);
  say();
  return el("div", { class: "field" }, label, said);
}
