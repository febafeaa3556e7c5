// What the page and its worker say to each other.

import type { Letter, Wishes } from "./names";

export type ToWorker =
  | { kind: "model"; file: Uint8Array }
  | { kind: "make"; call: number; wishes: Wishes }
  | { kind: "stop" }
  | { kind: "explain"; name: string }
  | { kind: "learn"; base: Uint8Array; text: string }
  | { kind: "stop-learning" }
  | { kind: "file" };

export type FromWorker =
  | { kind: "ready" }
  | { kind: "names"; call: number; names: string[] }
  | { kind: "done"; call: number; found: number }
  | { kind: "explained"; name: string; letters: Letter[] }
  | { kind: "learning"; share: number }
  | { kind: "learned"; stage: number; stages: number; names: number; notes: string[] }
  | { kind: "learning-ended"; complete: boolean; text: string }
  | { kind: "file"; bytes: Uint8Array }
  | { kind: "error"; text: string };
