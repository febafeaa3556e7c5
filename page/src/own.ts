// A list of one's own: pasted or dropped, learned in the worker, taken home as a file.

import { pageWith } from "./document";
import { download, el } from "./dom";
import type { FromWorker } from "./messages";
import { TEXTS } from "./texts";

const LARGEST_FILE = 2_000_000;

export interface Doings { learn(text: string): void; stop(): void; file(): void; begin(): void }

export function ownList(does: Doings): { section: HTMLElement; hear(message: FromWorker): boolean } {
  const t = TEXTS;
  let busy = false, wanted: "model" | "page" = "model";
  const text = el("textarea", { id: "own", rows: 6, spellcheck: "false", placeholder: "Brie\nCamembert\nGouda" });
  const status = el("p", { id: "own-status", role: "status" });
  const bar = el("progress", { max: 1, value: 0, hidden: true, "aria-label": t.learn });
  const button = el("button", { id: "learn", type: "button", class: "main", click: () => (busy ? does.stop() : begin()) }, t.learn);
  const choose = el("input", { id: "own-file", type: "file", accept: ".txt,.csv,.tsv,text/plain,text/csv", change: () => take(choose.files) });
  const home = el("div", { class: "acts", hidden: true },
    el("button", { id: "own-model", type: "button", click: () => fetchFile("model") }, t.downloadModel),
    el("button", { id: "own-page", type: "button", click: () => fetchFile("page") }, t.downloadPage));

  function fetchFile(what: "model" | "page"): void {
    wanted = what;
    does.file();
  }

  function take(files: FileList | null | undefined): void {
    const file = files?.[0];
    if (!file) return;
    if (file.size > LARGEST_FILE) status.textContent = t.tooLarge;
    else void file.text().then((content) => { text.value = content; begin(); });
  }

  function begin(): void {
    if (busy) does.stop();
    busy = true;
    button.textContent = t.stopLearning;
    status.textContent = "";
    bar.hidden = false;
    bar.removeAttribute("value");
    does.learn(text.value);
  }

  const zone = el("div", {
    class: "zone",
    dragover: (event) => event.preventDefault(),
    drop: (event) => {
      const dropped = (event as DragEvent).dataTransfer?.files;
      if (!dropped?.length) return; // text, which the box takes itself
      event.preventDefault();
      take(dropped);
    },
  }, el("label", { for: "own" }, t.ownNames), text,
  el("div", { class: "acts" }, button, el("label", { class: "file", for: "own-file" }, t.ownFile), choose));

  function hear(message: FromWorker): boolean {
    if (message.kind === "learning") {
      bar.value = message.share;
      return true;
    }
    if (message.kind === "learned") {
      home.hidden = false;
      status.textContent = t.learned(message.names, message.stage, message.stages, message.notes);
      if (message.stage < 3 || message.stage === message.stages) does.begin(); // others are no better yet
      return true;
    }
    if (message.kind === "learning-ended") {
      busy = false;
      button.textContent = t.learn;
      bar.hidden = true;
      if (!message.complete) status.textContent = message.text || t.stopped;
      return true;
    }
    if (message.kind !== "file") return false;
    if (wanted === "model") download("names.safetensors", "application/octet-stream", message.bytes);
    else download("names.html", "text/html", pageWith(message.bytes, t.own));
    return true;
  }

  const section = el("section", { "aria-labelledby": "own-title" },
    el("h2", { id: "own-title" }, t.own), el("p", { class: "hint" }, t.ownHint), zone, bar, status, home);
  return { section, hear };
}
