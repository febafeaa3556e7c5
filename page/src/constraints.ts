// What a name must be like, as one finite automaton over the ids of a vocabulary, as in Python.

import { ModelError } from "./modelfile";

interface Part {
  start: string | number;
  spell(character: string): string;
  step(state: string | number, character: string): string | number | null;
  accepts(state: string | number): boolean;
}
export interface Asked { ends: string; contains: string; without: string[] }

const MOST_STATES = 5_000;
const nfc = (text: string) => text.normalize("NFC").trim();

export function anyCase(character: string): string {
  const small = character.toLowerCase();
  return [...small].length === 1 ? small : character;
}

// Letters and digits, without accents and case: what hides no word.
export function bare(text: string): string {
  return text.normalize("NFKD").toLowerCase().replaceAll("\u00df", "ss").replace(/[^\p{L}\p{N}]/gu, "");
}

// As in the search of Knuth, Morris and Pratt: how much of the text the name ends with so far.
function ending(text: string, anywhere: boolean): Part {
  const letters = [...text].map(anyCase);
  const begins = (read: string[]) => read.every((letter, place) => letters[place] === letter);
  return {
    start: 0, spell: anyCase, accepts: (state) => state === letters.length,
    step(state, character) {
      if (anywhere && state === letters.length) return state;
      let read = [...letters.slice(0, state as number), character];
      while (read.length > letters.length || !begins(read)) read = read.slice(1);
      return read.length;
    },
  };
}

// As in that of Aho and Corasick: the longest end of the name that a word begins with.
function words(all: string[]): Part {
  const known = new Set(all);
  const beginnings = new Set(all.flatMap((word) => [...word].map((_, end) => [...word].slice(0, end).join(""))).concat(""));
  return {
    start: "", spell: bare, accepts: () => true,
    step(state, spelled) {
      let read = state as string;
      for (const letter of spelled) {
        read += letter;
        const letters = [...read];
        if (letters.some((_, first) => known.has(letters.slice(first).join("")))) return null;
        while (!beginnings.has(read)) read = [...read].slice(1).join("");
      }
      return read;
    },
  };
}

export class Automaton {
  readonly moves: Int32Array; // (states, characters): the state after each character; 0 leads nowhere
  readonly accepts: boolean[];
  readonly size: number;

  constructor(asked: Asked, characters: string[]) {
    this.size = characters.length;
    const parts: Part[] = [];
    if (nfc(asked.ends)) parts.push(ending(nfc(asked.ends), false));
    if (nfc(asked.contains)) parts.push(ending(nfc(asked.contains), true));
    const left = asked.without.map(bare).filter(Boolean);
    if (left.length) parts.push(words(left));
    const spelled = characters.slice(1).map((character) => parts.map((part) => part.spell(character)));
    const columns = new Map<string, number>(), symbols: string[][] = [];
    const column = spelled.map((symbol) => {
      const key = symbol.join("\n");
      if (!columns.has(key)) { columns.set(key, symbols.length); symbols.push(symbol); }
      return columns.get(key)!;
    });
    const first = parts.map((part) => part.start);
    const numbers = new Map([[first.join("\n"), 1]]), found = [first], rows: number[][] = [];
    for (const state of found) { // which grows
      rows.push(symbols.map((symbol) => {
        const after = parts.map((part, i) => part.step(state[i], symbol[i]));
        if (after.includes(null)) return 0;
        const key = after.join("\n");
        if (!numbers.has(key)) { numbers.set(key, numbers.size + 1); found.push(after as (string | number)[]); }
        return numbers.get(key)!;
      }));
      if (found.length > MOST_STATES) throw new ModelError("This is too much to ask for at once.");
    }
    this.moves = new Int32Array((found.length + 1) * this.size);
    rows.forEach((row, state) => column.forEach((at, id) => (this.moves[(state + 1) * this.size + id + 1] = row[at])));
    this.accepts = [false, ...found.map((state) => parts.every((part, i) => part.accepts(state[i])))];
  }

  read(ids: number[], state = 1): number {
    return ids.reduce((at, id) => this.moves[at * this.size + id], state);
  }

  // Whether there is a name of so many more characters.
  possible(state: number, shortest: number, longest: number): boolean {
    let reached = new Set([state]);
    for (let length = 0; length <= longest && reached.size; length++) {
      if (length >= shortest && [...reached].some((at) => this.accepts[at])) return true;
      const after = new Set<number>();
      for (const at of reached) for (let id = 1; id < this.size; id++) after.add(this.moves[at * this.size + id]);
      after.delete(0);
      reached = after;
    }
    return false;
  }
}
