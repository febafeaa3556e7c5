// Names as a person asks for them, sees, keeps and takes them.

import type { Category } from "./blend";
import { cell, copy, download, el } from "./dom";
import { Favourites } from "./favourites";
import { daringField, DARING, field, type View } from "./fields";
import type { FromWorker, ToWorker } from "./messages";
import type { Letter, Wishes } from "./names";
import { anySeed } from "./random";
import { TEXTS } from "./texts";
import { fromLink, type Inputs, toLink, type Wish } from "./wishes";

const EVEN = 50; // per cent of each of two lists

export function namesView(say: (message: ToWorker) => void, lists: string[], firsts: string[]): View {
  const t = TEXTS;
  const kept = new Favourites(document.title);
  const inputs: Inputs = new Map();
  const wished = fromLink(location.hash);
  let names: string[] = [], call = 0, asked = 0, busy = false, asks: Category = [];

  // The wishes.
  const input = (name: Wish, label: string, attributes: Record<string, string | number> = {}) =>
    field(inputs, wished, name, label, attributes);
  const choice = (name: Wish, label: string, none: string) => {
    const box = el("select", { id: name, change: sayShare }, ...[["", none], ...lists.map((list) => [list, list])].map(
      ([value, text]) => el("option", { value }, text)));
    box.value = lists.includes(wished.get(name) ?? "") ? wished.get(name)! : "";
    inputs.set(name, box);
    return el("label", { class: "field", for: name }, el("span", {}, label), box);
  };
  const share = el("div", { class: "field", hidden: true }), shareSaid = el("output", { for: "share" });
  function sayShare(): void {
    const [one, other] = ["category", "blend"].map((name) => inputs.get(name as Wish)?.value);
    share.hidden = !one || !other || one === other;
    shareSaid.value = t.shareOf(inputs.get("share")?.value ?? String(EVEN), other ?? "");
  }
  const wishes = el(
    "form", { class: "wishes", "aria-label": t.wishes, submit: (event) => (event.preventDefault(), begin()) },
    el("div", { class: "grid" },
      input("number", t.number, { type: "number", min: 1, max: 500, value: 12 }),
      input("begins", t.begins, { value: firsts[Math.floor(Math.random() * firsts.length)] ?? "" }),
      ...(lists.length ? [choice("category", t.list, t.anyList)] : []),
      daringField(inputs, wished),
      el("button", { id: "more", class: "main", type: "submit" }, t.more)),
    el("details", { open: matchMedia("(min-width: 40rem)").matches || wished.size > 0 },
      el("summary", {}, t.wishes),
      el("div", { class: "grid" },
        ...(lists.length > 1 ? [choice("blend", t.blendWith, t.noBlend), share] : []),
        input("ends", t.ends), input("contains", t.contains),
        input("without", t.without, { placeholder: t.withoutHint }),
        input("shortest", `${t.shortest} (${t.letters})`, { type: "number", min: 1, max: 60, placeholder: t.any }),
        input("longest", `${t.longest} (${t.letters})`, { type: "number", min: 1, max: 60, placeholder: t.any }))),
  );
  const button = wishes.querySelector("button")!;
  share.append(input("share", t.share, { type: "range", min: 10, max: 90, step: 10, value: EVEN }), shareSaid);
  inputs.get("share")!.addEventListener("input", sayShare);
  sayShare();

  // What comes of them.
  const status = el("p", { id: "status", role: "status" });
  const list = el("ul", { id: "names", class: "names" });
  const keptList = el("ul", { id: "kept", class: "names" });
  const keptHint = el("p", { class: "hint" });
  const detail = el("dialog", { "aria-labelledby": "detail-title" });
  const noted = (text: string) => (status.textContent = text);

  const act = (id: string, text: string, what: () => void) => el("button", { id, type: "button", click: what }, text);
  const copied = (text: string) => void copy(text).then(() => noted(t.copied));
  const table = (some: string[]) => ["name", ...some.map(cell)].join("\r\n") + "\r\n";
  const chosen = () => (kept.all.length ? kept.all : names);
  const acts = el("div", { class: "acts" },
    act("copy-all", t.copyAll, () => copied(names.join("\n"))),
    act("copy-kept", t.copyKept, () => copied(kept.all.join("\n"))),
    act("text", t.downloadText, () => download("names.txt", "text/plain", chosen().join("\n") + "\n")),
    act("csv", t.downloadTable, () => download("names.csv", "text/csv", table(chosen()))),
    act("link", t.link, () => copied(location.href.split("#")[0] + toLink(inputs))),
  );

  function item(name: string): HTMLLIElement {
    const star = el("button", { type: "button", class: "star", click: () => { kept.toggle(name); redraw(); } });
    const text = el("button", {
      type: "button", class: "name", "aria-label": t.look(name), title: t.look(name),
      click: () => say({ kind: "explain", name, category: asks }),
    }, name);
    const made = el("li", {}, text, star);
    made.dataset.name = name;
    mark(made);
    return made;
  }

  function mark(made: HTMLLIElement): void {
    const name = made.dataset.name!, star = made.querySelector(".star")!, has = kept.has(name);
    star.textContent = has ? "\u2605" : "\u2606";
    star.setAttribute("aria-pressed", String(has));
    star.setAttribute("aria-label", has ? t.drop(name) : t.keep(name));
  }

  function redraw(): void {
    for (const made of list.children) mark(made as HTMLLIElement);
    keptList.replaceChildren(...kept.all.map(item));
    keptHint.textContent = kept.all.length ? (kept.remembers ? "" : t.notRemembered) : t.nothingKept;
  }

  function category(): Category {
    const [one, other] = [inputs.get("category")?.value, inputs.get("blend")?.value];
    if (!one) return [];
    if (share.hidden) return [[one, 1]];
    const part = +inputs.get("share")!.value;
    return [[one, (100 - part) / 100], [other!, part / 100]];
  }

  function begin(): void {
    if (busy) return end();
    asks = category();
    const value = (name: Wish) => inputs.get(name)!.value;
    const number = (name: Wish) => (value(name) === "" ? null : Math.max(1, Math.round(+value(name)) || 1));
    asked = Math.min(number("number") ?? 12, 500);
    const asking: Wishes = {
      n: asked, seed: Number(wished.get("seed") ?? anySeed()), begins: value("begins"), ends: value("ends"),
      contains: value("contains"), without: value("without"), shortest: number("shortest") ?? 0,
      longest: number("longest"), daring: DARING[+value("daring")], category: asks,
    };
    wished.delete("seed"); // of a link: for the first names alone
    names = [];
    list.replaceChildren();
    busy = true;
    button.textContent = t.stop;
    noted(t.working);
    try {
      history.replaceState(null, "", toLink(inputs));
    } catch { /* a page in a frame may not change its address */ }
    say({ kind: "make", call: ++call, wishes: asking });
  }

  function end(text = ""): void {
    if (busy) say({ kind: "stop" });
    busy = false;
    button.textContent = t.more;
    noted(text || t.found(names.length, names.length));
  }

  function explain(name: string, letters: Letter[]): void {
    const cells = letters.map(({ letter, probability, others }) => {
      const percent = (p: number) => `${Math.round(100 * p)} %`;
      const said = others.map(([other, p]) => `${other || t.end} ${percent(p)}`).join(", ");
      const box = el("li", { title: said }, el("b", {}, letter || t.end), el("small", {}, percent(probability)));
      box.style.setProperty("--sure-of", String(probability));
      return box;
    });
    detail.replaceChildren(
      el("h2", { id: "detail-title" }, t.likely(name)), el("p", { class: "hint" }, t.likelyHint),
      el("ol", { class: "letters" }, ...cells),
      el("button", { type: "button", click: () => detail.close() }, t.close),
    );
    detail.showModal();
  }

  function hear(data: FromWorker): void {
    if (data.kind === "error") {
      busy = false;
      end(data.text);
    } else if (data.kind === "explained") explain(data.name, data.letters);
    else if ("call" in data && data.call !== call) return; // of an earlier call
    else if (data.kind === "names") {
      names.push(...data.names);
      list.append(...data.names.map(item));
    } else if (data.kind === "done") {
      busy = false;
      end(t.found(data.found, asked));
    }
  }

  redraw();
  const elements = [
    wishes, status, el("section", { "aria-label": t.names }, list, acts),
    el("section", { "aria-labelledby": "kept-title" }, el("h2", { id: "kept-title" }, t.kept), keptHint, keptList),
    detail,
  ];
  return { elements, hear, begin: () => { if (busy) end(); begin(); } };
}
