// From a list to a model, in stages, each better than the one before: at once, after tuning on all
// of the list, and after tuning on parts of it, which say how far network and n-gram are to be trusted.

import { hash8 } from "../hash";
import type { Model, Tensor } from "../modelfile";
import { Ngram } from "../ngram";
import { AdamW } from "./adamw";
import { countNames } from "./count";
import { batchOf, lossAndGradients, logitsOf, NAMES, type Weights } from "./gradients";
import { fitWeights, type Mixing, type Seen, TUNED, UNTUNED, USUAL } from "./mixing";
import { type Start, startFrom } from "./start";

const ORDER = 6, BATCH = 16, RATE = 2e-3, WARM_UP = 0.05, SPREAD = 3;
const DROPOUT = { embedding: 0.1, recurrent: 0.3, output: 0.3 };
const MORE_NGRAM = 0.05, LESS_NETWORK = 0.02;
const FEW = 300;

export interface Stage { model: Model; stage: number; stages: number; nats: number | null }
export type Told = { done: number; of: number } | Stage;

export function* learn(base: Model, names: string[], seed = 0): Generator<Told> {
  const start = startFrom(base, names);
  const ids = new Map(start.characters.map((character, id) => [character, id]));
  const rows = names.map((name) => [...name].map((letter) => ids.get(letter)!));
  const random = generator(seed);
  const parts = cut(rows, rows.length < 200 ? 3 : 2, random);
  const stages = parts.length + 2;
  const counted = countNames(rows, start.sizes.vocab, ORDER);
  counted.tensors.set("training_names", hashesOf(names));
  const longest = Math.max(...rows.map((row) => row.length));
  const model = (weights: Weights, mixing: Mixing) => modelOf(start, counted, names.length, longest, weights, mixing);

  const untuned = fitWeights(parts.flatMap((part) => see(start, start.weights, rows, part)), UNTUNED);
  yield { model: model(start.weights, untuned), stage: 1, stages, nats: untuned.nats };
  const found: Weights[] = [yield* tune(start, rows, random)];
  yield { model: model(found[0], USUAL), stage: 2, stages, nats: null };
  const seen: Seen[] = [];
  for (const [number, part] of parts.entries()) {
    const left = new Set(part);
    found.push(yield* tune(start, rows.filter((row) => !left.has(row)), random));
    seen.push(...see(start, found.at(-1)!, rows, part));
    if (number < parts.length - 1) yield { model: model(found[0], USUAL), stage: 3 + number, stages, nats: null };
  }
  const { network, ngram, nats } = fitWeights(seen, TUNED);
  const mixing = { network: network - LESS_NETWORK, ngram: ngram + MORE_NGRAM };
  yield { model: model(mean(found), mixing), stage: stages, stages, nats };
}

function* tune(start: Start, rows: number[][], random: () => number): Generator<Told, Weights> {
  const optimizer = new AdamW(start.weights, start.directions);
  const epochs = rows.length < 200 ? 20 : rows.length < 500 ? 25 : 10;
  const steps = epochs * Math.ceil(rows.length / BATCH), warm = Math.round(WARM_UP * steps);
  let step = 0;
  for (let epoch = 0; epoch < epochs; epoch++) {
    for (const names of batches(rows, random)) {
      const { gradients } = lossAndGradients(optimizer.weights, start.sizes, batchOf(names), DROPOUT, random);
      const done = Math.min(1, (step - warm) / Math.max(1, steps - warm));
      optimizer.step(gradients, step < warm ? (RATE * step) / warm : (RATE * (1 + Math.cos(Math.PI * done))) / 2);
      step++;
      yield { done: step, of: steps };
    }
  }
  return optimizer.averages;
}

// Names of like length together, in another order each time.
function batches(rows: number[][], random: () => number): number[][][] {
  const placed = rows.map((row) => ({ row, at: row.length + SPREAD * random() })).sort((a, b) => a.at - b.at);
  const made: number[][][] = [];
  for (let i = 0; i < placed.length; i += BATCH) made.push(placed.slice(i, i + BATCH).map(({ row }) => row));
  return shuffled(made, random);
}

function cut(rows: number[][], parts: number, random: () => number): number[][][] {
  const order = shuffled(rows, random);
  return [...Array(parts).keys()].map((part) => order.filter((_, i) => i % parts === part));
}

function shuffled<T>(items: T[], random: () => number): T[] {
  const order = [...items];
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}

// What network and n-gram, which learned the others, say of the characters of a part.
function see(start: Start, weights: Weights, rows: number[][], part: number[][]): Seen[] {
  const left = new Set(part), { vocab } = start.sizes;
  const { section, tensors } = countNames(rows.filter((row) => !left.has(row)), vocab, ORDER);
  const ngram = new Ngram({ about: {} as never, tensors }, { mixing: USUAL, ngram: section });
  const seen: Seen[] = [];
  for (const row of part) {
    const batch = batchOf([row]);
    let node = 0;
    logitsOf(weights, start.sizes, batch).forEach((network, t) => {
      node = ngram.advance(node, batch.inputs[t][0]);
      seen.push({ network, ngram: Float64Array.from(ngram.logs(node)), target: batch.targets[t][0] });
    });
  }
  return seen;
}

function mean(all: Weights[]): Weights {
  const of = (name: (typeof NAMES)[number]) =>
    all[0][name].map((_, i) => all.reduce((sum, each) => sum + each[name][i], 0) / all.length);
  return Object.fromEntries(NAMES.map((name) => [name, of(name)])) as unknown as Weights;
}

function hashesOf(names: string[]): Tensor {
  const hashes = [...new Set(names.map(hash8))].sort((a, b) => (a < b ? -1 : 1));
  return { shape: [hashes.length], values: BigUint64Array.from(hashes) };
}

function modelOf(
  start: Start, counted: ReturnType<typeof countNames>, names: number, longest: number, weights: Weights, mixing: Mixing,
): Model {
  const { vocab, width, units } = start.sizes;
  const tensors = new Map(counted.tensors);
  const put = (name: string, values: Float64Array, ...shape: number[]) =>
    tensors.set(`network0.${name}`, { shape, values: Float32Array.from(values) });
  put("encoder.embedding", weights.embedding, vocab, width);
  put("layer0.kernel", weights.kernel, width, 3 * units);
  put("layer0.recurrent_kernel", weights.recurrent, units, 3 * units);
  put("layer0.bias", weights.bias, 2, 3 * units);
  put("output.kernel", weights.output, units, vocab);
  put("output.bias", weights.outputBias, vocab);
  const round = (x: number) => Math.round(x * 1e6) / 1e6;
  return {
    about: {
      architecture: {
        cell: "gru", embedding_dim: width, encoder: "embedding", networks: 1, num_layers: 1, rnn_units: units,
        vocab_size: vocab,
      },
      defaults: { temperature: names <= FEW ? 0.8 : 1, top_k: null, top_p: null },
      kind: "names", longest_name: longest,
      partner: { mixing: { network: round(mixing.network), ngram: round(mixing.ngram) }, ngram: counted.section },
      start_boundary: true, vocabulary: start.characters.join(""),
    },
    tensors,
  };
}

// Numbers in [0, 1): Mulberry32, which is good enough for dropout and orders.
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let word = Math.imul(state ^ (state >>> 15), state | 1);
    word ^= word + Math.imul(word ^ (word >>> 7), word | 61);
    return ((word ^ (word >>> 14)) >>> 0) / 2 ** 32;
  };
}
