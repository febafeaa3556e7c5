// How likely a beginning comes to a name that will do, as the n-gram foresees it: a backward table
// over its contexts, the states of the automaton and the lengths, as in Python.

import type { Automaton } from "./constraints";
import type { Ngram } from "./ngram";

const MOST_TERMS = 6e7, MOST_CELLS = 2 ** 24, SETTLED = 1e-3, USUAL_STEPS = 40;
const [COLDEST, HOTTEST, SMALLEST_SHARE, TINY] = [0.3, 3, 1e-12, 1e-300];

export class Guide {
  readonly following: Int32Array; // (contexts, characters)
  private readonly contexts: number;
  private readonly chances: Float64Array;
  private readonly left: Float64Array;
  private readonly ending: Float64Array;
  private readonly totals: Float64Array;
  private readonly late: Float64Array[];
  private readonly early: Float64Array[] = [];

  constructor(
    private readonly ngram: Ngram, private readonly automaton: Automaton,
    private readonly shortest: number, private readonly longest: number, temperature: number,
  ) {
    const { size } = ngram, states = automaton.accepts.length;
    const steps = 1 + Math.min(longest, USUAL_STEPS) + shortest;
    this.contexts = ngram.few(Math.floor(MOST_TERMS / (steps * states)), Math.floor(MOST_CELLS / size));
    const tables = ngram.tables(this.contexts);
    this.following = tables.following;
    const exponent = 1 / Math.min(Math.max(temperature, COLDEST), HOTTEST);
    this.chances = tables.table;
    this.left = ngram.gamma.slice(0, this.contexts);
    if (exponent !== 1) {
      this.chances = this.chances.map((p) => Math.max(p, TINY) ** exponent);
      this.left = this.left.map((p) => p ** exponent);
    }
    this.ending = new Float64Array(this.contexts).map((_, node) => this.chances[node * size]);
    this.totals = this.ending.map((ending, node) => {
      let sum = ending;
      for (let id = 1; id < size; id++) sum += this.chances[node * size + id];
      return sum;
    });
    const last = new Float64Array(this.contexts * states).map((_, cell) => {
      const node = Math.floor(cell / states);
      return automaton.accepts[cell % states] ? this.ending[node] / this.totals[node] : 0;
    });
    this.late = this.lookBack(last, longest - shortest, states);
    let table = this.late.at(-1)!;
    for (let i = 0; i < shortest; i++) this.early.unshift((table = this.before(table, false)));
  }

  private lookBack(last: Float64Array, most: number, states: number): Float64Array[] {
    const tables = [last];
    while (tables.length <= most) {
      const before = tables.at(-1)!, table = this.before(before, true);
      tables.push(table);
      if (tables.length > states && table.every((value, i) => Math.abs(value - before[i]) <= SETTLED * value)) break;
    }
    return tables;
  }

  // The table for names of one character less.
  private before(table: Float64Array, mayEnd: boolean): Float64Array {
    const { size, offsets, chars, suffixes } = this.ngram;
    const { moves, accepts } = this.automaton, states = accepts.length;
    const found = new Float64Array(table.length);
    for (let id = 1; id < size; id++) {
      const chance = this.chances[id], to = this.following[id] * states;
      for (let state = 0; state < states; state++) found[state] += chance * table[to + moves[state * size + id]];
    }
    for (let node = 1; node < this.contexts; node++) {
      const suffix = suffixes[node], at = node * states, below = suffix * states;
      for (let entry = offsets[node]; entry < offsets[node + 1]; entry++) {
        const id = chars[entry];
        if (!id) continue; // the boundary ends a name, whatever the context
        const own = this.chances[node * size + id], lower = this.left[node] * this.chances[suffix * size + id];
        const to = this.following[node * size + id] * states, lowerTo = this.following[suffix * size + id] * states;
        for (let state = 0; state < states; state++) {
          const next = moves[state * size + id];
          found[at + state] += own * table[to + next] - lower * table[lowerTo + next];
        }
      }
      // Levels are in order, so that a suffix is ready before what it is the suffix of.
      for (let state = 0; state < states; state++) {
        const inherited = this.left[node] * found[below + state];
        found[at + state] = Math.max(found[at + state] + inherited, SMALLEST_SHARE * inherited);
      }
    }
    for (let node = 0; node < this.contexts; node++) {
      for (let state = 0; state < states; state++) {
        const cell = node * states + state;
        if (mayEnd && accepts[state]) found[cell] += this.ending[node];
      }
    }
    for (let node = 0; node < this.contexts; node++) {
      for (let cell = node * states; cell < (node + 1) * states; cell++) found[cell] /= this.totals[node];
    }
    return found;
  }

  private hopes(length: number): Float64Array {
    if (length < this.shortest) return this.early[length];
    return this.late[Math.min(this.longest - length, this.late.length - 1)];
  }

  hope(context: number, state: number, length: number): number {
    return this.hopes(length)[context * this.automaton.accepts.length + state];
  }

  context(ids: number[]): number {
    return ids.reduce((node, id) => this.following[node * this.ngram.size + id], 0);
  }

  // How likely each next character leads to what is wanted.
  after(context: number, state: number, length: number): Float64Array {
    const { size } = this.ngram, { moves, accepts } = this.automaton, states = accepts.length;
    const found = new Float64Array(size);
    if (length < this.longest) {
      const table = this.hopes(length + 1);
      for (let id = 1; id < size; id++) {
        found[id] = table[this.following[context * size + id] * states + moves[state * size + id]];
      }
    }
    found[0] = length >= this.shortest && accepts[state] ? 1 : 0;
    return found;
  }
}
