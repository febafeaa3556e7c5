// Which proposals of a guide are accepted: rejection sampling with a bound found in a pilot, as in
// Python's `generation.guided_draws`, which says why.

const MOST_LOST = 0.01, MOST_GIVEN_UP = 0.003, FEWEST_ACCEPTED = 0.02;

export interface Bound { most: number; rise: number }

export function chooseBound(all: number[], lowest: number[]): Bound {
  const weights = all.filter((weight) => weight > 0).sort((a, b) => b - a);
  if (!weights.length) return { most: Number.MAX_VALUE, rise: Infinity };
  const whole = weights.reduce((a, b) => a + b, 0);
  let sum = 0, place = -1, first = -1;
  weights.forEach((weight, i) => {
    sum += weight;
    const lost = (sum - weight * (i + 1)) / whole;
    const accepted = (weight * (i + 1) + whole - sum) / (weights.length * weight);
    if (accepted >= FEWEST_ACCEPTED && first < 0) first = i;
    if (lost <= MOST_LOST && accepted >= FEWEST_ACCEPTED) place = i;
  });
  const most = weights[place >= 0 ? place : Math.max(first, 0)];
  const chances = all.map((weight) => Math.min(weight / most, 1));
  const total = chances.reduce((a, b) => a + b, 0);
  let rise = 1;
  for (let power = 0; power < 10; power += 0.25) {
    rise = 2 ** power;
    const kept = chances.reduce((found, chance, i) => found + Math.min(chance, (rise * lowest[i]) / most), 0);
    if (kept >= (1 - MOST_GIVEN_UP) * total) break;
  }
  return { most, rise };
}
