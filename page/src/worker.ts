// The worker: has the model, makes names, a few at a time so that it hears when it is to stop.

import type { FromWorker, ToWorker } from "./messages";
import { ModelError } from "./modelfile";
import { NameModel, Wishes } from "./names";

const A_WHILE = 40; // milliseconds between two looks at what was said meanwhile
const PATIENCE = 10_000; // milliseconds without a name after which there are no more

export function work(port: { postMessage(message: FromWorker): void; onmessage: unknown }): void {
  let model: NameModel | null = null;
  let call = 0;

  const pause = () => new Promise<void>((go) => setTimeout(go));

  async function make(wishes: Wishes, number: number): Promise<void> {
    let names: string[] = [], found = 0, since = performance.now(), last = since;
    const tell = () => {
      if (names.length) port.postMessage({ kind: "names", call: number, names });
      names = [];
    };
    for (const name of model!.make(wishes)) {
      if (name !== null) {
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

  async function hear(message: ToWorker): Promise<void> {
    if (message.kind === "model") {
      model = NameModel.read(message.file);
      port.postMessage({ kind: "ready" });
    } else if (message.kind === "make") {
      call = message.call;
      await make(message.wishes, message.call);
    } else if (message.kind === "stop") call = -1;
    else port.postMessage({ kind: "explained", name: message.name, letters: model!.explain(message.name) });
  }

  port.onmessage = ({ data }: { data: ToWorker }) => {
    hear(data).catch((error: unknown) => {
      const text = error instanceof ModelError ? error.message : `Something went wrong: ${String(error)}`;
      port.postMessage({ kind: "error", text });
    });
  };
}
