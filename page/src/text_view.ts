// A text that goes on from a beginning.

import { copy, download, el } from "./dom";
import { daringField, DARING, field, type View } from "./fields";
import type { FromWorker, ToWorker } from "./messages";
import { anySeed } from "./random";
import { TEXTS } from "./texts";
import { fromLink, type Inputs, toLink } from "./wishes";

const LONGEST = 100_000;

export function textView(say: (message: ToWorker) => void): View {
  const t = TEXTS;
  const inputs: Inputs = new Map();
  const wished = fromLink(location.hash);
  let call = 0, busy = false;

  const form = el(
    "form", { class: "wishes", "aria-label": t.wishes, submit: (event) => (event.preventDefault(), busy ? end() : begin()) },
    el("div", { class: "grid" },
      field(inputs, wished, "length", `${t.length} (${t.letters})`, { type: "number", min: 1, max: LONGEST, value: 500 }),
      field(inputs, wished, "begins", t.goesOnFrom), daringField(inputs, wished),
      el("button", { id: "more", class: "main", type: "submit" }, t.moreText)));
  const button = form.querySelector("button")!;
  const status = el("p", { id: "status", role: "status" });
  const text = el("p", { id: "text", class: "text" });
  const noted = (said: string) => (status.textContent = said);
  const act = (id: string, said: string, what: () => void) => el("button", { id, type: "button", click: what }, said);
  const acts = el("div", { class: "acts" },
    act("copy-all", t.copyAll, () => void copy(text.textContent!).then(() => noted(t.copied))),
    act("text-file", t.downloadText, () => download("text.txt", "text/plain", text.textContent! + "\n")),
    act("link", t.link, () => void copy(location.href.split("#")[0] + toLink(inputs)).then(() => noted(t.copied))));

  function begin(): void {
    const length = Math.min(Math.max(1, Math.round(+inputs.get("length")!.value) || 1), LONGEST);
    const begins = inputs.get("begins")!.value, seed = Number(wished.get("seed") ?? anySeed());
    wished.delete("seed");
    text.textContent = begins;
    busy = true;
    button.textContent = t.stop;
    noted(t.working);
    say({ kind: "write", call: ++call, wishes: { begins, length, seed, daring: DARING[+inputs.get("daring")!.value] } });
  }

  function end(said = ""): void {
    if (busy) say({ kind: "stop" });
    busy = false;
    button.textContent = t.moreText;
    noted(said);
  }

  function hear(data: FromWorker): void {
    if (data.kind === "error") {
      busy = false;
      end(data.text);
    } else if (!("call" in data) || data.call !== call) return;
    else if (data.kind === "written" && busy) text.append(data.text);
    else if (data.kind === "done") {
      busy = false;
      end(t.written(data.found));
    }
  }

  const elements = [form, status, el("section", { "aria-label": t.text }, text, acts)];
  return { elements, hear, begin: () => { if (busy) end(); begin(); } };
}
