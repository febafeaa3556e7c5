// One list of a model that knows several, or a blend of some, as a model of its own: its row, or a
// weighted sum of rows, stands in the place of the boundary. As in Python's `category_bundle`.

import { type Model, ModelError, type Partner, type Tensor } from "./modelfile";

const { fround } = Math;
const ENCODERS = ["encoder.embedding", "encoder.kernel", "layer0.kernel"];
const BOUNDARY = 0;

export type Category = [label: string, weight: number][]; // one, or some to blend; none for any

// The weight of each list in what was asked for, with a sum of 1.
export function parse(asked: Category, labels: string[]): number[] {
  const weights = labels.map(() => 0);
  for (const [label, weight] of asked) {
    const tag = labels.indexOf(label);
    if (tag < 0) throw new ModelError(`There is no list ${JSON.stringify(label.slice(0, 80))} in this model.`);
    weights[tag] += weight;
  }
  const all = weights.reduce((a, b) => a + b, 0);
  if (!(all > 0 && all < Infinity)) throw new ModelError("A blend needs a weight above 0.");
  return weights.map((weight) => weight / all);
}

export function blended({ about, tensors }: Model, weights: number[]): Model {
  const size = [...about.vocabulary].length;
  const prefix = "network0.";
  const reads = ENCODERS.map((name) => prefix + name).find((name) => tensors.has(name))!;
  const changed = new Map(tensors);
  const alter = (name: string, change: (tensor: Tensor) => Tensor) => changed.set(name, change(changed.get(name)!));
  const sum = (values: ArrayLike<unknown>, at: number, step: number) =>
    weights.reduce((total, weight, tag) => total + weight * Number(values[at + tag * step]), 0);

  alter(reads, ({ shape: [, width], values }) => {
    const rows = Float32Array.from({ length: size * width }, (_, i) => Number(values[i]));
    for (let i = 0; i < width; i++) rows[BOUNDARY * width + i] = sum(values, size * width + i, width);
    return { shape: [size, width], values: rows };
  });
  const inputs = tensors.get("directions.input_bias"), outputs = tensors.get("directions.output_bias");
  if (inputs && outputs) {
    const width = inputs.shape[1], all = outputs.shape[1];
    alter(`${prefix}layer0.bias`, ({ shape, values }) => ({
      shape, values: Float32Array.from(values as Float32Array, (value, i) =>
        i < width ? value + fround(sum(inputs.values, i, width)) : value),
    }));
    alter(`${prefix}output.bias`, ({ shape, values }) => ({
      shape, values: Float32Array.from(values as Float32Array, (value, i) => value + sum(outputs.values, i, all)),
    }));
  }
  alter(`${prefix}output.kernel`, ({ shape: [units, all], values }) => ({
    shape: [units, size],
    values: Float32Array.from({ length: units * size }, (_, i) => Number(values[Math.floor(i / size) * all + (i % size)])),
  }));
  alter(`${prefix}output.bias`, ({ values }) => ({ shape: [size], values: (values as Float32Array).slice(0, size) }));
  const { categories: _, ...rest } = about;
  const architecture = { ...about.architecture, vocab_size: size };
  return { about: { ...rest, architecture, partner: partnerOf(about.partner, weights) }, tensors: changed };
}

function partnerOf(partner: Partner | null, weights: number[]): Partner | null {
  if (!partner) return null;
  const { mixing, ngram } = partner;
  const of = (which: 0 | 1) => weights.reduce((sum, weight, tag) => sum + weight * mixing.categories![tag][which], 0);
  return {
    mixing: mixing.categories ? { network: of(0), ngram: of(1) } : mixing,
    ngram: { ...ngram, categories: { ...ngram.categories!, blend: weights } },
  };
}
