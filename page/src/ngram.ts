// The n-gram beside the network: interpolated Kneser-Ney on a trie of contexts, as in Python.

import { CategoryCounts, Model, ModelError, Partner, tensor } from "./modelfile";

const { fround, log, max } = Math;
const TINY = 1e-30;
const MOST_ROWS = 20_000;

export class Ngram {
  readonly size: number;
  private readonly order: number;
  private readonly owners: Int32Array; // the context of each entry
  readonly chars: ArrayLike<number>;
  private readonly children: Int32Array;
  readonly offsets: Int32Array; // where the entries of each context begin, and the end
  readonly suffixes: Int32Array; // each context without its oldest character
  readonly gamma: Float64Array; // what each leaves to its suffix
  private readonly levels: number[]; // where the contexts of each length begin, and the end
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
    this.owners = new Int32Array(total);
    for (let node = 0; node <= leads.length; node++) this.owners.fill(node, this.offsets[node], this.offsets[node + 1]);
    this.weigh(counts, discounts, entries);
    let bound = 0;
    const bounds = entries.map((count) => (bound += count));
    // The first level is the root; the entries of a level lead to the contexts of the next.
    this.levels = [0, ...[0, ...bounds].map((until) => 1 + leads.filter((entry) => entry < until).length)];
    this.levels.pop();
    if (partner.ngram.categories?.blend) this.blend(model, partner.ngram.categories);
  }

  // The shares of a blend of lists in place of those of all: s a + (1 - s (1 - g)) of what was there.
  private blend(model: Model, { entries, shrinks, blend }: CategoryCounts): void {
    const all = entries.reduce((a, b) => a + b, 0), nodes = this.gamma.length;
    const places = tensor(model, "ngram.category_entries", all).values as Int32Array;
    const counts = tensor(model, "ngram.category_counts", all).values as Uint16Array;
    const discounts = tensor(model, "ngram.category_discounts", entries.length, this.order, 3).values as Float64Array;
    const own = new Float64Array(this.alpha.length), rest = new Float64Array(nodes).fill(1);
    let first = 0;
    entries.forEach((count, list) => {
      const weight = blend![list] * shrinks[list], last = first + count;
      const totals = new Float64Array(nodes), taken = new Float64Array(nodes);
      const discount = (i: number) =>
        discounts[(list * this.order + this.level(this.owners[places[i]])) * 3 + Math.min(counts[i], 3) - 1];
      for (let i = first; weight && i < last; i++) {
        totals[this.owners[places[i]]] += counts[i];
        taken[this.owners[places[i]]] += discount(i);
      }
      for (let i = first; weight && i < last; i++) {
        own[places[i]] += (weight * (counts[i] - discount(i))) / totals[this.owners[places[i]]];
      }
      for (let node = 0; weight && node < nodes; node++) {
        if (totals[node]) rest[node] -= weight * (1 - taken[node] / totals[node]);
      }
      first = last;
    });
    for (let i = 0; i < own.length; i++) this.alpha[i] = own[i] + rest[this.owners[i]] * this.alpha[i];
    for (let node = 0; node < nodes; node++) this.gamma[node] *= rest[node];
  }

  private level(node: number): number {
    let level = 0;
    while (level + 1 < this.order && node >= this.levels[level + 1]) level++;
    return level;
  }

  // How many contexts there are up to the greatest length that keeps within bounds.
  few(entries: number, nodes: number): number {
    const fits = this.levels.filter((level) => level <= nodes && this.offsets[level] <= entries);
    return Math.max(1, ...fits.slice(1));
  }

  // The n-gram of the first contexts alone, in full: probabilities and next contexts.
  tables(count: number): { table: Float64Array; following: Int32Array } {
    const { size } = this;
    const table = new Float64Array(count * size), following = new Int32Array(count * size);
    for (let node = 0; node < count; node++) {
      const at = node * size, below = this.suffixes[node] * size;
      for (let id = 0; id < size; id++) {
        table[at + id] = (node ? table[below + id] : 1 / size) * this.gamma[node];
        following[at + id] = node ? following[below + id] : 0;
      }
      for (let entry = this.offsets[node]; entry < this.offsets[node + 1]; entry++) {
        table[at + this.chars[entry]] += this.alpha[entry];
        if (this.children[entry] >= 0) following[at + this.chars[entry]] = this.children[entry];
      }
    }
    for (let i = 0; i < following.length; i++) while (following[i] >= count) following[i] = this.suffixes[following[i]];
    return { table, following };
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
