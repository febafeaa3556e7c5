// One step of a GRU, an LSTM or a plain RNN for several names at once, as Keras defines them.
// Sums are kept in 64 bits and rounded to 32 where Python's results are.

import { multiply } from "./algebra";
import { Architecture, Model, ModelError, tensor } from "./modelfile";

const GATES = { gru: 3, lstm: 4, rnn: 1 };
const { fround, tanh, exp } = Math;
const sigmoid = (x: number) => 1 / (1 + exp(-x));

export interface State {
  hidden: Float64Array[]; // of each layer, (names, units)
  cell: Float64Array[]; // the same of an LSTM
}

export class Network {
  readonly sizes: Architecture;
  private readonly table: Float64Array; // what each character adds to the first layer's gates
  private readonly kernels: Float64Array[];
  private readonly recurrent: Float64Array[];
  private readonly biases: Float64Array[];
  private readonly output: Float64Array;
  private readonly outputBias: Float64Array;
  private readonly gates: number;

  constructor(model: Model) {
    this.sizes = model.about.architecture;
    const { cell, rnn_units: units, num_layers: layers, vocab_size: size, encoder } = this.sizes;
    this.gates = GATES[cell as keyof typeof GATES];
    if (!this.gates) throw new ModelError("This model has a cell that the page does not know.");
    const width = this.gates * units;
    const take = (name: string, ...shape: number[]) =>
      Float64Array.from(tensor(model, `network0.${name}`, ...shape).values as Float32Array);
    const inputs = { embedding: this.sizes.embedding_dim, tanh: units, onehot: size }[encoder];
    this.kernels = [];
    this.recurrent = [];
    this.biases = [];
    for (let layer = 0; layer < layers; layer++) {
      this.kernels.push(take(`layer${layer}.kernel`, layer ? units : inputs, width));
      this.recurrent.push(take(`layer${layer}.recurrent_kernel`, units, width));
      this.biases.push(cell === "gru" ? take(`layer${layer}.bias`, 2, width) : take(`layer${layer}.bias`, width));
    }
    this.output = take("output.kernel", units, size);
    this.outputBias = take("output.bias", size);
    this.table = this.encode(take, encoder, size, inputs, width);
  }

  private encode(
    take: (name: string, ...shape: number[]) => Float64Array,
    encoder: string,
    size: number,
    inputs: number,
    width: number,
  ): Float64Array {
    const table = new Float64Array(size * width);
    let rows: Float64Array | null = null;
    if (encoder === "embedding") rows = take("encoder.embedding", size, inputs);
    if (encoder === "tanh") {
      const bias = take("encoder.bias", inputs);
      rows = take("encoder.kernel", size, inputs).map((value, i) => tanh(value + bias[i % inputs]));
    }
    if (rows) multiply(rows, this.kernels[0], table, size, inputs, width);
    else table.set(this.kernels[0]);
    for (let i = 0; i < table.length; i++) table[i] += this.biases[0][i % width];
    return table;
  }

  start(names: number): State {
    const make = () => this.kernels.map(() => new Float64Array(names * this.sizes.rnn_units));
    return { hidden: make(), cell: this.sizes.cell === "lstm" ? make() : [] };
  }

  // Logits after one more character of each name, (names, characters).
  step(ids: ArrayLike<number>, state: State): Float32Array {
    const { rnn_units: units, vocab_size: size, cell } = this.sizes;
    const count = ids.length;
    const width = this.gates * units;
    let below: Float64Array | null = null;
    for (let layer = 0; layer < this.kernels.length; layer++) {
      const inputs = new Float64Array(count * width);
      if (below) {
        multiply(below, this.kernels[layer], inputs, count, units, width);
        for (let i = 0; i < inputs.length; i++) inputs[i] += this.biases[layer][i % width];
      } else {
        for (let row = 0; row < count; row++) {
          inputs.set(this.table.subarray(ids[row] * width, (ids[row] + 1) * width), row * width);
        }
      }
      const hidden = state.hidden[layer];
      const fed = new Float64Array(count * width);
      multiply(hidden, this.recurrent[layer], fed, count, units, width);
      if (cell === "gru") gru(inputs, fed, hidden, this.biases[layer], count, units);
      else if (cell === "lstm") lstm(inputs, fed, hidden, state.cell[layer], count, units);
      else for (let i = 0; i < hidden.length; i++) hidden[i] = fround(tanh(inputs[i] + fed[i]));
      below = hidden;
    }
    const logits = new Float64Array(count * size);
    multiply(below!, this.output, logits, count, units, size);
    return Float32Array.from(logits, (value, i) => value + this.outputBias[i % size]);
  }
}

function gru(
  inputs: Float64Array, fed: Float64Array, hidden: Float64Array, bias: Float64Array, count: number, units: number,
): void {
  const width = 3 * units;
  for (let row = 0; row < count; row++) {
    const at = row * width;
    for (let unit = 0; unit < units; unit++) {
      const z = at + unit, r = z + units, c = r + units;
      const update = sigmoid(inputs[z] + fed[z] + bias[width + unit]);
      const reset = sigmoid(inputs[r] + fed[r] + bias[width + units + unit]);
      const candidate = tanh(inputs[c] + reset * (fed[c] + bias[width + 2 * units + unit]));
      const place = row * units + unit;
      hidden[place] = fround(update * hidden[place] + (1 - update) * candidate);
    }
  }
}

function lstm(
  inputs: Float64Array, fed: Float64Array, hidden: Float64Array, cell: Float64Array, count: number, units: number,
): void {
  for (let row = 0; row < count; row++) {
    const at = row * 4 * units;
    for (let unit = 0; unit < units; unit++) {
      const gate = (number: number) => inputs[at + number * units + unit] + fed[at + number * units + unit];
      const place = row * units + unit;
      cell[place] = fround(sigmoid(gate(1)) * cell[place] + sigmoid(gate(0)) * tanh(gate(2)));
      hidden[place] = fround(sigmoid(gate(3)) * tanh(cell[place]));
    }
  }
}

export function keep(state: State, rows: number[], units: number): void {
  const of = (vector: Float64Array) => {
    const kept = new Float64Array(rows.length * units);
    rows.forEach((row, i) => kept.set(vector.subarray(row * units, (row + 1) * units), i * units));
    return kept;
  };
  state.hidden = state.hidden.map(of);
  state.cell = state.cell.map(of);
}
