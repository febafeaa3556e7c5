// What the page and its worker say to each other.

import type { Category } from "./blend";
import type { Letter, Wishes } from "./names";
import type { TextWishes } from "./running";

export type ToWorker =
  | { kind: "model"; file: Uint8Array } // the page's own
  | { kind: "open"; file: Uint8Array } // one from elsewhere
  | { kind: "write"; call: number; wishes: TextWishes }
  | { kind: "make"; call: number; wishes: Wishes }
  | { kind: "stop" }
  | { kind: "explain"; name: string; category: Category }
  | { kind: "learn"; base: Uint8Array; text: string }
  | { kind: "stop-learning" }
  | { kind: "file" };

export type FromWorker =
  | { kind: "ready"; makes: "names" | "text"; lists: string[]; firsts: string[] }
  | { kind: "refused"; text: string } // a file that was opened
  | { kind: "written"; call: number; text: string }
  | { kind: "names"; call: number; names: string[] }
  | { kind: "done"; call: number; found: number }
  | { kind: "explained"; name: string; letters: Letter[] }
  | { kind: "learning"; share: number }
  | { kind: "learned"; stage: number; stages: number; names: number; notes: string[] }
  | { kind: "learning-ended"; complete: boolean; text: string }
  | { kind: "file"; bytes: Uint8Array }
  | { kind: "error"; text: string };
