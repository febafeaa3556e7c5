// A model as the file that Python reads: safetensors, its metadata canonical JSON with a digest.

import type { Model, Tensor } from "../modelfile";
import { sha256 } from "./sha256";

const CODES: [new (...a: never[]) => Tensor["values"], string][] = [
  [Float64Array, "F64"], [BigUint64Array, "U64"], [Float32Array, "F32"], [Int32Array, "I32"],
  [Uint16Array, "U16"], [Uint8Array, "U8"],
];

export function writeModel({ about, tensors }: Model): Uint8Array {
  const names = [...tensors.keys()].sort();
  const bytes = names.map((name) => {
    const { values } = tensors.get(name)!;
    return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  });
  const values = {
    ...about, format: 1, normalisation: "NFC", options: { made_in: "a page" },
    training_names: tensors.get("training_names")!.shape[0],
  };
  const digest = sha256([new TextEncoder().encode(canonical(values)), ...bytes]);
  const header: Record<string, unknown> = { __metadata__: { dino_names: canonical({ ...values, sha256: digest }) } };
  let end = 0;
  names.forEach((name, i) => {
    const { shape, values } = tensors.get(name)!;
    const dtype = CODES.find(([kind]) => values instanceof kind)![1];
    header[name] = { dtype, shape, data_offsets: [end, (end += bytes[i].length)] };
  });
  const text = new TextEncoder().encode(JSON.stringify(header));
  const padding = (8 - (text.length % 8)) % 8;
  const file = new Uint8Array(8 + text.length + padding + end).fill(32);
  new DataView(file.buffer).setBigUint64(0, BigInt(text.length + padding), true);
  file.set(text, 8);
  bytes.reduce((at, part) => (file.set(part, at), at + part.length), 8 + text.length + padding);
  return file;
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([name, part]) => `${JSON.stringify(name)}:${canonical(part)}`).join(",")}}`;
}
