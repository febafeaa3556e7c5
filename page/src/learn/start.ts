// Where tuning starts: the base's weights for the characters of a list.

import { type Model, tensor } from "../modelfile";
import type { Directions } from "./adamw";
import type { Sizes, Weights } from "./gradients";

const LESS_LIKELY = 1, FASTER = 40;

export interface Start { characters: string[]; sizes: Sizes; weights: Weights; directions: Directions | null }

export function startFrom(base: Model, names: string[]): Start {
  const { rnn_units: units, embedding_dim: width, vocab_size: baseSize } = base.about.architecture;
  const order = (a: string, b: string) => a.codePointAt(0)! - b.codePointAt(0)!;
  const characters = ["\n", ...[...new Set(names.flatMap((name) => [...name]))].sort(order)];
  const known = new Map([...base.about.vocabulary].map((character, id) => [character, id]));
  const rows = characters.map((character, id) => (id ? (likeness(character, known) ?? -1) : 0));
  const other = characters.map((character, id) => (id && !known.has(character) ? 1 : 0));
  const take = (name: string) => Float64Array.from(tensor(base, `network0.${name}`).values as Float32Array);
  const vocab = characters.length;
  const [embedding, output, outputBias] = ["encoder.embedding", "output.kernel", "output.bias"].map(take);

  const found: Weights = {
    embedding: new Float64Array(vocab * width), kernel: take("layer0.kernel"),
    recurrent: take("layer0.recurrent_kernel"), bias: take("layer0.bias"),
    output: new Float64Array(units * vocab), outputBias: new Float64Array(vocab),
  };
  rows.forEach((row, id) => {
    if (row < 0) return;
    found.embedding.set(embedding.subarray(row * width, (row + 1) * width), id * width);
    for (let unit = 0; unit < units; unit++) found.output[unit * vocab + id] = output[unit * baseSize + row];
    found.outputBias[id] = outputBias[row] - LESS_LIKELY * other[id];
  });
  fillUnknown(found, rows, width, vocab);
  return { characters, sizes: { vocab, width, units }, weights: found, directions: directionsFor(base, rows, vocab, baseSize) };
}

// What nothing in the base resembles begins as the mean of the others, as unlikely as the unlikeliest.
function fillUnknown(found: Weights, rows: number[], width: number, vocab: number): void {
  const there = rows.filter((row) => row >= 0).length;
  if (there === vocab) return;
  const least = rows.reduce((least, row, id) => (row >= 0 ? Math.min(least, found.outputBias[id]) : least), Infinity);
  for (let i = 0; i < width; i++) {
    let mean = 0;
    rows.forEach((row, id) => { if (row >= 0) mean += found.embedding[id * width + i] / there; });
    rows.forEach((row, id) => { if (row < 0) found.embedding[id * width + i] = mean; });
  }
  rows.forEach((row, id) => { if (row < 0) found.outputBias[id] = least; });
}

// The same letter, or in the other case, or without its accents.
function likeness(character: string, known: Map<string, number>): number | undefined {
  const bare = [...character.normalize("NFD")][0];
  const like = [character, character.toLowerCase(), character.toUpperCase(), bare, bare.toLowerCase()];
  return known.get(like.find((letter) => [...letter].length === 1 && known.has(letter)) ?? "");
}

function directionsFor(base: Model, rows: number[], vocab: number, baseSize: number): Directions | null {
  const inputs = base.tensors.get("directions.input_bias"), outputs = base.tensors.get("directions.output_bias");
  if (!inputs || !outputs) return null;
  const numbers = inputs.shape[0], outputBias = new Float64Array(numbers * vocab);
  rows.forEach((row, id) => {
    for (let n = 0; row >= 0 && n < numbers; n++) outputBias[n * vocab + id] = Number(outputs.values[n * baseSize + row]);
  });
  return { inputBias: Float64Array.from(inputs.values as Float32Array), outputBias, numbers, faster: FASTER };
}
