// What the page and its worker say to each other.

import type { Letter, Wishes } from "./names";

export type ToWorker =
  | { kind: "model"; file: Uint8Array }
  | { kind: "make"; call: number; wishes: Wishes }
  | { kind: "stop" }
  | { kind: "explain"; name: string };

export type FromWorker =
  | { kind: "ready" }
  | { kind: "names"; call: number; names: string[] }
  | { kind: "done"; call: number; found: number }
  | { kind: "explained"; name: string; letters: Letter[] }
  | { kind: "error"; text: string };
