// Embedding, GRU and Dense with their way back: the loss of a batch of names and its gradients.

import { multiply, product, transpose } from "../algebra";

export interface Sizes { vocab: number; width: number; units: number }
export interface Weights {
  embedding: Float64Array; // (vocab, width)
  kernel: Float64Array; // (width, 3 units)
  recurrent: Float64Array; // (units, 3 units)
  bias: Float64Array; // (2, 3 units)
  output: Float64Array; // (units, vocab)
  outputBias: Float64Array; // (vocab,)
}
export const NAMES = ["embedding", "kernel", "recurrent", "bias", "output", "outputBias"] as const;
export interface Dropout { embedding: number; recurrent: number; output: number }
export interface Batch { inputs: Int32Array[]; targets: Int32Array[]; counts: Float64Array[] } // time first

const { exp, log, tanh } = Math;
const sigmoid = (x: number) => 1 / (1 + exp(-x));

export function batchOf(names: number[][]): Batch {
  const time = Math.max(...names.map((name) => name.length)) + 1;
  const rows = names.map((name) => [0, ...name, 0]);
  const at = (t: number) => Int32Array.from(rows, (row) => row[t] ?? 0);
  const steps = [...Array(time).keys()];
  return {
    inputs: steps.map(at), targets: steps.map((t) => at(t + 1)),
    counts: steps.map((t) => Float64Array.from(names, (name) => (t <= name.length ? 1 : 0))),
  };
}

interface Trace { states: Float64Array[]; z: Float64Array[]; r: Float64Array[]; c: Float64Array[]; late: Float64Array[] }

function run(w: Weights, s: Sizes, batch: Batch, embedding: Float64Array, kernel: Float64Array): Trace {
  const { units, vocab, width } = s, gates = 3 * units, count = batch.inputs[0].length;
  const table = product(embedding, w.kernel, vocab, width, gates);
  for (let i = 0; i < table.length; i++) {
    const gate = i % gates;
    table[i] += w.bias[gate] + (gate < 2 * units ? w.bias[gates + gate] : 0);
  }
  const trace: Trace = { states: [new Float64Array(count * units)], z: [], r: [], c: [], late: [] };
  batch.inputs.forEach((ids, t) => {
    const fed = product(trace.states[t], kernel, count, units, gates);
    const made = [0, 1, 2, 3, 4].map(() => new Float64Array(count * units));
    const [z, r, c, late, state] = made;
    for (let row = 0; row < count; row++) {
      for (let unit = 0; unit < units; unit++) {
        const i = row * units + unit, at = row * gates + unit, from = ids[row] * gates + unit;
        z[i] = sigmoid(table[from] + fed[at]);
        r[i] = sigmoid(table[from + units] + fed[at + units]);
        late[i] = fed[at + 2 * units] + w.bias[gates + 2 * units + unit];
        c[i] = tanh(table[from + 2 * units] + r[i] * late[i]);
        state[i] = c[i] + z[i] * (trace.states[t][i] - c[i]);
      }
    }
    trace.z.push(z); trace.r.push(r); trace.c.push(c); trace.late.push(late); trace.states.push(state);
  });
  return trace;
}

export function logitsOf(w: Weights, s: Sizes, batch: Batch): Float64Array[] {
  return run(w, s, batch, w.embedding, w.recurrent).states.slice(1).map((state) => {
    const count = state.length / s.units;
    return product(state, w.output, count, s.units, s.vocab).map((value, i) => value + w.outputBias[i % s.vocab]);
  });
}

export function lossAndGradients(
  w: Weights, s: Sizes, batch: Batch, dropout: Dropout, random: () => number,
): { loss: number; gradients: Weights } {
  const { units, vocab, width } = s, gates = 3 * units;
  const count = batch.inputs[0].length, time = batch.inputs.length;
  const mask = (length: number, rate: number) =>
    new Float64Array(length).map(() => (rate && random() < rate ? 0 : 1 / (1 - rate)));
  const times = (a: Float64Array, b: Float64Array) => a.map((value, i) => value * b[i]);
  const keptRows = mask(w.embedding.length, dropout.embedding);
  const keptKernel = mask(w.recurrent.length, dropout.recurrent);
  const embedding = times(w.embedding, keptRows), recurrent = times(w.recurrent, keptKernel);
  const trace = run(w, s, batch, embedding, recurrent);

  const total = batch.counts.reduce((sum, row) => sum + row.reduce((a, b) => a + b, 0), 0);
  const outputBack = transpose(w.output, units, vocab), recurrentBack = transpose(recurrent, units, gates);
  const all = { states: new Float64Array(time * count * units), logits: new Float64Array(time * count * vocab) };
  const upstream: Float64Array[] = [];
  let loss = 0;
  for (let t = 0; t < time; t++) {
    const kept = mask(count * units, dropout.output), states = times(trace.states[t + 1], kept);
    const logits = product(states, w.output, count, units, vocab);
    for (let row = 0; row < count; row++) {
      const at = row * vocab;
      let peak = -Infinity, sum = 0;
      for (let i = 0; i < vocab; i++) peak = Math.max(peak, (logits[at + i] += w.outputBias[i]));
      const target = at + batch.targets[t][row], chosen = logits[target] - peak;
      for (let i = at; i < at + vocab; i++) sum += logits[i] = exp(logits[i] - peak);
      const share = batch.counts[t][row] / total;
      loss += share * (log(sum) - chosen);
      for (let i = at; i < at + vocab; i++) logits[i] *= share / sum;
      logits[target] -= share;
    }
    all.states.set(states, t * count * units);
    all.logits.set(logits, t * count * vocab);
    upstream.push(times(product(logits, outputBack, count, vocab, units), kept));
  }

  const dTable = new Float64Array(vocab * gates), late = new Float64Array(units);
  const flat = new Float64Array(time * count * gates), before = new Float64Array(time * count * units);
  for (let t = time - 1; t >= 0; t--) {
    const previous = trace.states[t], d = upstream[t];
    const dHidden = flat.subarray(t * count * gates, (t + 1) * count * gates);
    for (let row = 0; row < count; row++) {
      for (let unit = 0; unit < units; unit++) {
        const i = row * units + unit, at = row * gates + unit, to = batch.inputs[t][row] * gates + unit;
        const z = trace.z[t][i], r = trace.r[t][i], c = trace.c[t][i];
        const dC = d[i] * (1 - z) * (1 - c * c);
        const dZ = d[i] * (previous[i] - c) * z * (1 - z), dR = dC * trace.late[t][i] * r * (1 - r);
        dTable[to] += dZ; dTable[to + units] += dR; dTable[to + 2 * units] += dC;
        dHidden[at] = dZ; dHidden[at + units] = dR; dHidden[at + 2 * units] = dC * r;
        late[unit] += dC * r;
        if (t) upstream[t - 1][i] += d[i] * z;
      }
    }
    if (t) multiply(dHidden, recurrentBack, upstream[t - 1], count, gates, units);
    before.set(previous, t * count * units);
  }
  const bias = new Float64Array(2 * gates);
  for (let i = 0; i < dTable.length; i++) bias[i % gates] += dTable[i];
  for (let i = 0; i < gates; i++) bias[gates + i] = i < 2 * units ? bias[i] : late[i - 2 * units];
  const rows = time * count;
  const columns = (a: Float64Array, width: number) => {
    const sums = new Float64Array(width);
    for (let i = 0; i < a.length; i++) sums[i % width] += a[i];
    return sums;
  };
  return {
    loss,
    gradients: {
      embedding: times(product(dTable, transpose(w.kernel, width, gates), vocab, gates, width), keptRows),
      kernel: product(transpose(embedding, vocab, width), dTable, width, vocab, gates),
      recurrent: times(product(transpose(before, rows, units), flat, units, rows, gates), keptKernel),
      bias,
      output: product(transpose(all.states, rows, units), all.logits, units, rows, vocab),
      outputBias: columns(all.logits, vocab),
    },
  };
}
