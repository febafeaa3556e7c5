// From logits to ids: temperature, top-k, top-p, as in Python.

const { fround, exp } = Math;

export interface Choice {
  temperature: number;
  topK: number | null;
  topP: number | null;
}

// Probabilities but for a factor; the largest is 1.
export function weights(logits: Float32Array, choice: Choice): Float32Array {
  let highest = -Infinity;
  for (const value of logits) if (value > highest) highest = value;
  if (choice.temperature === 0) {
    const only = new Float32Array(logits.length);
    only[logits.indexOf(highest)] = 1;
    return only;
  }
  const divisor = Math.max(choice.temperature, 1e-30);
  const found = logits.map((value) => {
    const less = fround(value - highest);
    return exp(divisor === 1 ? less : fround(less / divisor));
  });
  return choice.topK === null && choice.topP === null ? found : cut(found, choice);
}

function cut(found: Float32Array, { topK, topP }: Choice): Float32Array {
  const order = [...found.keys()].sort((a, b) => found[b] - found[a] || a - b).slice(0, topK ?? undefined);
  const all = order.reduce((sum, id) => sum + found[id], 0);
  const kept = new Float32Array(found.length);
  let before = 0;
  for (const id of order) {
    if (topP !== null && before >= topP * all) break;
    kept[id] = found[id];
    before += found[id];
  }
  return kept;
}

export function draw(logits: Float32Array, choice: Choice, uniform: number): number {
  const found = weights(logits, choice);
  let total = 0;
  for (const weight of found) total += weight;
  const mark = uniform * total;
  let sum = 0;
  for (let id = 0; id < found.length; id++) {
    sum += found[id];
    if (sum > mark) return id;
  }
  return found.lastIndexOf(Math.max(...found));
}
