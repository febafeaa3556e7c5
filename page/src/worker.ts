// The worker: has the model, makes names, a few at a time so that it hears when it is to stop.

import type { FromWorker, ToWorker } from "./messages";
import { ListError, readList } from "./learn/list";
import { learn } from "./learn/tune";
import { writeModel } from "./learn/write";
import { CategoryModel } from "./categories";
import { type Model, ModelError, readModel } from "./modelfile";
import { NameModel, Wishes } from "./names";
import { TextModel, TextWishes } from "./running";

const A_WHILE = 40; // milliseconds between two looks at what was said meanwhile
const PATIENCE = 10_000; // milliseconds without a name after which there are no more

export function work(port: { postMessage(message: FromWorker): void; onmessage: unknown }): void {
  let model: NameModel | CategoryModel | null = null;
  let writer: TextModel | null = null;
  let call = 0;
  let learned: Model | null = null;
  let learning = 0;

  const pause = () => new Promise<void>((go) => setTimeout(go));

  async function make(wishes: Wishes, number: number): Promise<void> {
    let names: string[] = [], found = 0, since = performance.now(), last = since;
    const tell = () => {
      if (names.length) port.postMessage({ kind: "names", call: number, names });
      names = [];
    };
    for (const name of model!.make(wishes)) {
      if (name === "") last = performance.now();
      else if (name !== null) {
        names.push(name);
        found++;
        last = performance.now();
      } else if (performance.now() - last > PATIENCE) break;
      if (performance.now() - since > A_WHILE) {
        tell();
        await pause();
        if (call !== number) return;
        since = performance.now();
      }
    }
    tell();
    port.postMessage({ kind: "done", call: number, found });
  }

  async function write(wishes: TextWishes, number: number): Promise<void> {
    let text = "", since = performance.now(), found = 0;
    for (const letter of writer!.write(wishes)) {
      text += letter;
      found++;
      if (performance.now() - since < A_WHILE) continue;
      port.postMessage({ kind: "written", call: number, text });
      text = "";
      await pause();
      if (call !== number) return;
      since = performance.now();
    }
    port.postMessage({ kind: "written", call: number, text });
    port.postMessage({ kind: "done", call: number, found });
  }

  function take(read: Model): void {
    const text = read.about.kind === "text", several = read.about.categories?.length;
    // What is wrong with it is found before it takes the place of the one that is there.
    const names = text ? null : several ? new CategoryModel(read) : new NameModel(read);
    [writer, model] = [text ? new TextModel(read) : null, names];
    call = -1;
    const lists = names instanceof CategoryModel ? names.labels : [];
    const firsts = names instanceof NameModel ? names.firsts : [];
    port.postMessage({ kind: "ready", makes: text ? "text" : "names", lists, firsts });
  }

  async function learnList(file: Uint8Array, text: string): Promise<void> {
    const mine = ++learning;
    const { names, notes } = readList(text);
    const base = readModel(file);
    let since = 0;
    await pause();
    for (const told of learn(base, names)) {
      if (mine !== learning) return;
      if ("model" in told) {
        learned = told.model;
        model = new NameModel(learned);
        const { stage, stages } = told;
        port.postMessage({ kind: "learned", stage, stages, names: names.length, notes });
        if (stage === stages) port.postMessage({ kind: "learning-ended", complete: true, text: "" });
      } else if (performance.now() - since > A_WHILE) {
        since = performance.now();
        port.postMessage({ kind: "learning", share: told.done / told.of });
      }
      await pause();
    }
  }

  async function hear(message: ToWorker): Promise<void> {
    if (message.kind === "model") take(readModel(message.file));
    else if (message.kind === "open") {
      try {
        take(readModel(message.file, true));
      } catch (error) {
        port.postMessage({ kind: "refused", text: said(error) });
      }
    } else if (message.kind === "write") {
      call = message.call;
      await write(message.wishes, message.call);
    } else if (message.kind === "make") {
      call = message.call;
      await make(message.wishes, message.call);
    } else if (message.kind === "stop") call = -1;
    else if (message.kind === "stop-learning") {
      learning++;
      port.postMessage({ kind: "learning-ended", complete: false, text: "" });
    } else if (message.kind === "learn") {
      await learnList(message.base, message.text).catch((error: unknown) => {
        port.postMessage({ kind: "learning-ended", complete: false, text: said(error) });
      });
    } else if (message.kind === "file") port.postMessage({ kind: "file", bytes: writeModel(learned!) });
    else {
      const { name, category } = message;
      port.postMessage({ kind: "explained", name, letters: model!.explain(name, category) });
    }
  }

  port.onmessage = ({ data }: { data: ToWorker }) => {
    hear(data).catch((error: unknown) => {
      port.postMessage({ kind: "error", text: said(error) });
    });
  };
}

function said(error: unknown): string {
  const known = error instanceof ListError || error instanceof ModelError;
  return known ? error.message : `Something went wrong: ${String(error)}`;
}
