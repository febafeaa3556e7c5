// The model file, read as Python writes it: safetensors with one metadata key. Nothing in it is run.

export type Shape = number[];
export interface Tensor {
  shape: Shape;
  values: Float32Array | Float64Array | Int32Array | Uint16Array | Uint8Array | BigUint64Array;
}
export interface Architecture {
  cell: "gru" | "lstm" | "rnn" | "gpt";
  encoder: "embedding" | "tanh" | "onehot";
  embedding_dim: number;
  networks: number;
  num_layers: number;
  rnn_units: number;
  vocab_size: number;
}
export interface Partner {
  mixing: { network: number; ngram: number };
  ngram: { count_type: string; entries: number[]; order: number; vocab_size: number };
}
export interface Metadata {
  architecture: Architecture;
  defaults: { temperature: number; top_k: number | null; top_p: number | null };
  kind: "names" | "text";
  longest_name: number;
  partner: Partner | null;
  start_boundary: boolean;
  vocabulary: string;
}
export interface Model {
  about: Metadata;
  tensors: Map<string, Tensor>;
}

// What is wrong with a file, as a sentence for its user.
export class ModelError extends Error {}

const BYTES: Record<string, number> = { F64: 8, U64: 8, F32: 4, I32: 4, F16: 2, U16: 2, U8: 1, I8: 1 };
const MOST_HEADER = 1 << 22;
const MOST_SIZE = 1 << 26;

export function readModel(file: Uint8Array): Model {
  const broken = (why: string) => new ModelError(`This is no model file: ${why}.`);
  if (file.length < 16) throw broken("it is too short");
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const length = view.getUint32(0, true);
  if (view.getUint32(4, true) || length > Math.min(MOST_HEADER, file.length - 8)) {
    throw broken("its header is longer than it is");
  }
  let header: Record<string, any>;
  let about: Metadata;
  try {
    header = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(file.subarray(8, 8 + length)));
    about = JSON.parse(header["__metadata__"]["dino_names"]);
  } catch {
    throw broken("its header cannot be read");
  }
  check(about, broken);
  const tensors = new Map<string, Tensor>();
  for (const [name, entry] of Object.entries(header)) {
    if (name === "__metadata__") continue;
    const { dtype, shape, data_offsets: places } = entry ?? {};
    const size = BYTES[dtype];
    const whole = (n: unknown) => Number.isInteger(n) && (n as number) >= 0 && (n as number) < MOST_SIZE * 8;
    if (!size || !Array.isArray(shape) || !shape.every(whole) || !Array.isArray(places) || !places.every(whole)) {
      throw broken(`its tensor ${name.slice(0, 40)} cannot be read`);
    }
    const count = shape.reduce((a: number, b: number) => a * b, 1);
    const start = 8 + length + places[0];
    if (places[1] - places[0] !== count * size || 8 + length + places[1] > file.length || count > MOST_SIZE) {
      throw broken(`its tensor ${name.slice(0, 40)} is cut off`);
    }
    tensors.set(name, { shape, values: numbers(dtype, file.slice(start, start + count * size).buffer) });
  }
  return { about, tensors: scaled(tensors) };
}

function check(about: Metadata, broken: (why: string) => ModelError): void {
  const sizes = about?.architecture;
  const small = (n: unknown, most: number) => Number.isInteger(n) && (n as number) >= 1 && (n as number) <= most;
  if (
    !sizes ||
    typeof about.vocabulary !== "string" ||
    !small(sizes.vocab_size, 65536) ||
    !small(sizes.rnn_units, 8192) ||
    !small(sizes.num_layers, 16)
  ) {
    throw broken("it does not say what it is");
  }
  if (sizes.cell === "gpt" || sizes.networks !== 1 || [...about.vocabulary].length !== sizes.vocab_size) {
    throw new ModelError("This page knows models of one list with one GRU, LSTM or RNN, and this is another.");
  }
}

export function tensor(model: Model, name: string, ...shape: Shape): Tensor {
  const found = model.tensors.get(name);
  if (!found || (shape.length && found.shape.join() !== shape.join())) {
    throw new ModelError(`This model file is damaged: expected ${name} of shape ${shape.join(" x ")}.`);
  }
  return found;
}

function numbers(dtype: string, bytes: ArrayBuffer): Tensor["values"] {
  switch (dtype) {
    case "F64": return new Float64Array(bytes);
    case "U64": return new BigUint64Array(bytes);
    case "F32": return new Float32Array(bytes);
    case "I32": return new Int32Array(bytes);
    case "U16": return new Uint16Array(bytes);
    case "F16": return Float32Array.from(new Uint16Array(bytes), half);
    case "I8": return Float32Array.from(new Int8Array(bytes));
    default: return new Uint8Array(bytes);
  }
}

export function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (exponent ? 2 ** (exponent - 15) * (1 + fraction / 1024) : 2 ** -14 * (fraction / 1024));
}

// Weights of eight bits have a scale for each output: a column of a kernel, a row of a table.
function scaled(tensors: Map<string, Tensor>): Map<string, Tensor> {
  for (const [name, { values: scale }] of [...tensors].filter(([name]) => name.endsWith(".scale"))) {
    const weights = tensors.get(name.slice(0, -6));
    if (!weights) continue;
    const values = weights.values as Float32Array;
    const width = weights.shape[1];
    const byRow = name.includes("embedding");
    for (let i = 0; i < values.length; i++) {
      values[i] = Math.fround(values[i] * Number(scale[byRow ? Math.floor(i / width) : i % width]));
    }
    tensors.delete(name);
  }
  return tensors;
}
