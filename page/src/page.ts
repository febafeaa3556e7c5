// The page: a model's view, and what takes another model: a list of one's own, or a file.

import { bytesOf, element } from "./document";
import { el } from "./dom";
import type { View } from "./fields";
import type { FromWorker, ToWorker } from "./messages";
import { namesView } from "./names_view";
import { openFile } from "./open";
import { ownList } from "./own";
import { textView } from "./text_view";
import { TEXTS } from "./texts";

export function show(): void {
  const t = TEXTS;
  const worker = startWorker();
  const say = (message: ToWorker) => worker.postMessage(message);
  const place = el("div", {});
  let view: View | null = null, ofOneList = false;

  function see(next: View, plain: boolean): void {
    [view, ofOneList] = [next, plain];
    place.replaceChildren(...next.elements);
  }

  const base = element("base");
  const own = base && ownList({
    learn: (text) => say({ kind: "learn", base: bytesOf(base), text }),
    stop: () => say({ kind: "stop-learning" }),
    file: () => say({ kind: "file" }),
    begin: () => {
      if (!ofOneList) see(namesView(say, [], []), true);
      view!.begin();
    },
  });
  const other = openFile((file) => say({ kind: "open", file }));

  worker.onmessage = ({ data }: MessageEvent<FromWorker>) => {
    if (data.kind === "ready") {
      const names = data.makes === "names";
      see(names ? namesView(say, data.lists, data.firsts) : textView(say), names && !data.lists.length);
      other.taken();
      view!.begin();
    } else if (data.kind === "refused") other.refused(data.text);
    else if (!own?.hear(data)) {
      if (view) view.hear(data);
      else if (data.kind === "error") place.replaceChildren(el("p", { role: "alert" }, data.text));
    }
  };

  document.documentElement.lang = t.language;
  document.querySelector("main")!.replaceChildren(
    el("h1", {}, document.title), place, ...(own ? [own.section] : []), other.section,
    el("p", { class: "hint" }, t.privacy),
  );
  say({ kind: "model", file: bytesOf(element("model")!) });
}

function startWorker(): Worker {
  const program = element("program")!.textContent!;
  return new Worker(URL.createObjectURL(new Blob([program], { type: "text/javascript" })));
}
