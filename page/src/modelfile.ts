// The model file, read as Python writes it: safetensors with one metadata key. Nothing in it is run.

import { sha256 } from "./learn/sha256";

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
// What each list adds to the counts of all, and in a blend the weight of each.
export interface CategoryCounts { entries: number[]; shrinks: number[]; blend?: number[] }
export interface Partner {
  mixing: { network: number; ngram: number; categories?: [number, number][] };
  ngram: { count_type: string; entries: number[]; order: number; vocab_size: number; categories?: CategoryCounts };
}
export interface Metadata {
  architecture: Architecture;
  categories?: [string, number][]; // lists, and how many names each has
  defaults: { temperature: number; top_k: number | null; top_p: number | null };
  kind: "names" | "text";
  longest_name: number;
  options?: Record<string, unknown>;
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

// With `verify` the content is held against its digest: a file from elsewhere may be damaged.
export function readModel(file: Uint8Array, verify = false): Model {
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
  if (verify && !intact(header, file, 8 + length)) throw broken("its content is not what its digest says");
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

function intact(header: Record<string, any>, file: Uint8Array, start: number): boolean {
  const said: unknown = header["__metadata__"]["dino_names"];
  const text = String(said), digest = /,"sha256":"([0-9a-f]{64})"/.exec(text);
  if (!digest) return false;
  const parts = Object.keys(header).filter((name) => name !== "__metadata__").sort().map((name) => {
    const [from, to] = Array.isArray(header[name]?.data_offsets) ? header[name].data_offsets : [0, 0];
    return file.subarray(start + Number(from), start + Number(to));
  });
  return sha256([new TextEncoder().encode(text.replace(digest[0], "")), ...parts]) === digest[1];
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
  if (sizes.cell === "gpt" || sizes.networks !== 1 || [...about.vocabulary].length !== sizes.vocab_size - tags(about)) {
    throw new ModelError("This page knows models with one GRU, LSTM or RNN, and this is another.");
  }
}

// How many ids stand for lists and not for characters.
function tags({ categories }: Metadata): number {
  return Array.isArray(categories) ? categories.length : 0;
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
