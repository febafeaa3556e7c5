// The n-gram of a list: the trie of its contexts with modified Kneser-Ney's counts, as Python counts.

import type { Partner, Tensor } from "../modelfile";

interface Level { nodes: number[]; chars: number[]; counts: number[]; sizes: number[] }

export function countNames(
  names: number[][], size: number, order: number,
): { section: Partner["ngram"]; tensors: Map<string, Tensor> } {
  // All names in one row, and how many characters of its name stand before each.
  const ids: number[] = [], reach: number[] = [];
  for (const name of names) [0, ...name, 0].forEach((id, place) => (ids.push(id), reach.push(place)));
  const levels: Level[] = [];
  let positions = [...ids.keys()].filter((at) => reach[at] >= 1);
  let nodes = positions.map(() => 0);
  const entryAt = new Int32Array(ids.length);
  let atStart: number[] = [];
  for (let length = 0; length < order; length++) {
    const pairs = positions.map((at, i) => nodes[i] * size + ids[at]);
    const keys = [...new Set(pairs)].sort((a, b) => a - b);
    const number = new Map(keys.map((key, i) => [key, i]));
    const entries = pairs.map((pair) => number.get(pair)!);
    const level: Level = {
      nodes: keys.map((key) => Math.floor(key / size)), chars: keys.map((key) => key % size),
      counts: tally(entries, keys.length), sizes: keys.map(() => 0),
    };
    const below = levels.at(-1);
    if (below) {
      const withoutOldest = new Int32Array(keys.length);
      positions.forEach((at, i) => (withoutOldest[entries[i]] = entryAt[at]));
      below.counts = tally(withoutOldest, below.chars.length).map((count, i) => count + (atStart[i] ?? 0));
      const owned = tally(level.nodes, keys.length);
      let lead = 0;
      below.sizes = below.sizes.map((leads) => (leads ? owned[lead++] : 0));
    }
    levels.push(level);
    positions.forEach((at, i) => (entryAt[at] = entries[i]));
    atStart = tally(entries.filter((_, i) => reach[positions[i]] === length), keys.length);
    positions = positions.filter((at) => reach[at] > length);
    const before = positions.map((at) => entryAt[at - 1]);
    for (const entry of before) level.sizes[entry] = 1;
    let count = -1;
    const numbered = level.sizes.map((leads) => (leads ? ++count : -1));
    nodes = before.map((entry) => numbered[entry]);
  }
  levels.at(-1)!.sizes.fill(0);
  return pack(levels, size, order);
}

function tally(values: ArrayLike<number>, count: number): number[] {
  const found = new Array<number>(count).fill(0);
  for (let i = 0; i < values.length; i++) found[values[i]]++;
  return found;
}

function pack(levels: Level[], size: number, order: number) {
  const counts = levels.flatMap((level) => level.counts);
  const type = (largest: number) => (largest <= 255 ? "uint8" : largest <= 65535 ? "uint16" : "int32");
  const made = (kind: string, values: number[]): Tensor => ({
    shape: [values.length],
    values: kind === "uint8" ? Uint8Array.from(values) : kind === "uint16" ? Uint16Array.from(values) : Int32Array.from(values),
  });
  const largest = counts.reduce((a, b) => Math.max(a, b), 0);
  const section = {
    count_type: type(largest), entries: levels.map((level) => level.chars.length), order, vocab_size: size,
  };
  const chars = type(size);
  const tensors = new Map<string, Tensor>([
    ["ngram.chars", made(chars, levels.flatMap((level) => level.chars))],
    ["ngram.counts", made(section.count_type, counts)],
    ["ngram.sizes", made(chars, levels.slice(0, -1).flatMap((level) => level.sizes))],
    ["ngram.discounts", { shape: [order, 3], values: Float64Array.from(levels.flatMap((level) => discounts(level.counts))) }],
  ]);
  return { section, tensors };
}

// Chen and Goodman 1999, equation 26; where it says nothing, one discount for all.
export function discounts(counts: number[]): number[] {
  const [n1, n2, n3, n4] = [1, 2, 3, 4].map((n) => counts.filter((count) => count === n).length);
  const y = n1 && n2 ? n1 / (n1 + 2 * n2) : 0.5;
  const all = n1 && n2 && n3 && n4;
  const found = all ? [1 - (2 * y * n2) / n1, 2 - (3 * y * n3) / n2, 3 - (4 * y * n4) / n3] : [y, y, y];
  return found.map((discount) => Math.max(discount, 0.05));
}
