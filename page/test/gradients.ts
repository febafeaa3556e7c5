// Reads weights and names from standard input, writes the loss and its gradients; for Python's tests.

import { batchOf, lossAndGradients, type Weights } from "../src/learn/gradients";
import { countNames } from "../src/learn/count";
import { fitWeights, TUNED } from "../src/learn/mixing";
import { sha256 } from "../src/learn/sha256";
import { hash8 } from "../src/hash";

declare const process: { stdin: AsyncIterable<Uint8Array>; stdout: { write(text: string): void } };

let text = "";
for await (const part of process.stdin) text += new TextDecoder().decode(part);
const given = JSON.parse(text);
const weights = Object.fromEntries(
  Object.entries(given.weights as Record<string, number[]>).map(([name, values]) => [name, Float64Array.from(values)]),
) as unknown as Weights;
const none = { embedding: 0, recurrent: 0, output: 0 };
const { loss, gradients } = lossAndGradients(weights, given.sizes, batchOf(given.names), none, Math.random);
const { section, tensors } = countNames(given.names, given.sizes.vocab, given.order);
const seen = given.seen.map((one: { network: number[]; ngram: number[]; target: number }) => ({
  network: Float64Array.from(one.network), ngram: Float64Array.from(one.ngram), target: one.target,
}));
process.stdout.write(JSON.stringify({
  loss,
  gradients: Object.fromEntries(Object.entries(gradients).map(([name, values]) => [name, [...values]])),
  section,
  tensors: Object.fromEntries([...tensors].map(([name, { values }]) => [name, Array.from(values as Uint8Array)])),
  mixing: fitWeights(seen, TUNED),
  sha256: given.texts.map((one: string) => sha256([new TextEncoder().encode(one)])),
  hash8: given.texts.map((one: string) => String(hash8(one))),
}));
