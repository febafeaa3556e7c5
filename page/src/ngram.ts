// The n-gram beside the network: interpolated Kneser-Ney on a trie of contexts, as in Python.

import { Model, ModelError, Partner, tensor } from "./modelfile";

const { fround, log, max } = Math;
const TINY = 1e-30;
const MOST_ROWS = 20_000;

export class Ngram {
  readonly size: number;
  private readonly order: number;
  private readonly chars: ArrayLike<number>;
  private readonly children: Int32Array;
  private readonly offsets: Int32Array;
  private readonly suffixes: Int32Array;
  private readonly gamma: Float64Array;
  private readonly alpha: Float64Array;
  private rows = new Map<number, Float32Array>();

  constructor(model: Model, partner: Partner) {
    const { entries, order, vocab_size: size } = partner.ngram;
    this.size = size;
    this.order = order;
    const total = entries.reduce((a, b) => a + b, 0);
    this.chars = tensor(model, "ngram.chars", total).values as Uint8Array;
    const counts = tensor(model, "ngram.counts", total).values as Uint16Array;
    const sizes = tensor(model, "ngram.sizes", total - entries[order - 1]).values as Uint8Array;
    const discounts = tensor(model, "ngram.discounts", order, 3).values as Float64Array;
    const leads: number[] = [];
    for (let entry = 0; entry < sizes.length; entry++) if (sizes[entry]) leads.push(entry);
    this.offsets = new Int32Array(leads.length + 2);
    this.offsets[1] = entries[0];
    leads.forEach((entry, i) => (this.offsets[i + 2] = this.offsets[i + 1] + sizes[entry]));
    if (this.offsets[leads.length + 1] !== total) throw new ModelError("This model file is damaged: its n-gram.");
    this.children = new Int32Array(total).fill(-1);
    leads.forEach((entry, i) => (this.children[entry] = i + 1));
    this.suffixes = new Int32Array(leads.length + 1);
    this.gamma = new Float64Array(leads.length + 1);
    this.alpha = new Float64Array(total);
    this.weigh(counts, discounts, entries);
  }

  private weigh(counts: ArrayLike<number>, discounts: Float64Array, entries: number[]): void {
    let level = 0;
    let ends = entries[0];
    for (let node = 0; node < this.gamma.length; node++) {
      const from = this.offsets[node], to = this.offsets[node + 1];
      if (from >= ends) ends += entries[++level];
      let sum = 0, taken = 0;
      for (let entry = from; entry < to; entry++) {
        sum += counts[entry];
        taken += discounts[level * 3 + Math.min(counts[entry], 3) - 1];
      }
      this.gamma[node] = taken / sum;
      for (let entry = from; entry < to; entry++) {
        this.alpha[entry] = (counts[entry] - discounts[level * 3 + Math.min(counts[entry], 3) - 1]) / sum;
        const child = this.children[entry];
        // A context without its oldest character: that of its parent, and then its last one.
        if (child > 0) this.suffixes[child] = node === 0 ? 0 : max(0, this.child(this.suffixes[node], this.chars[entry]));
      }
    }
  }

  private child(node: number, char: number): number {
    let low = this.offsets[node], high = this.offsets[node + 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.chars[middle] < char) low = middle + 1;
      else high = middle;
    }
    return low < this.offsets[node + 1] && this.chars[low] === char ? this.children[low] : -1;
  }

  // The longest context that a character makes with the one before it.
  advance(node: number, char: number): number {
    for (;;) {
      const found = this.child(node, char);
      if (found >= 0) return found;
      if (node === 0) return 0;
      node = this.suffixes[node];
    }
  }

  // Logarithms of the probabilities after a context.
  logs(node: number): Float32Array {
    return this.probabilities(node).map((p) => log(max(p, fround(TINY))));
  }

  private probabilities(node: number): Float32Array {
    const kept = this.rows.get(node);
    if (kept) return kept;
    const row = node ? this.probabilities(this.suffixes[node]).slice() : new Float32Array(this.size).fill(1 / this.size);
    const gamma = fround(this.gamma[node]);
    for (let i = 0; i < row.length; i++) row[i] = row[i] * gamma;
    for (let entry = this.offsets[node]; entry < this.offsets[node + 1]; entry++) {
      row[this.chars[entry]] += fround(this.alpha[entry]);
    }
    if (this.rows.size >= MOST_ROWS) this.rows.clear();
    this.rows.set(node, row);
    return row;
  }

  // Which character was seen directly after which.
  pairs(): Set<number>[] {
    const after: Set<number>[] = Array.from({ length: this.size }, () => new Set<number>());
    if (this.order < 2) return after;
    for (let entry = 0; entry < this.offsets[1]; entry++) {
      const node = this.children[entry];
      if (node <= 0) continue;
      for (let next = this.offsets[node]; next < this.offsets[node + 1]; next++) {
        after[this.chars[entry]].add(this.chars[next]);
      }
    }
    return after;
  }
}
