// AdamW with a weight average, and directions in which the biases of a whole list move faster.

import { NAMES, type Weights } from "./gradients";

export interface Directions { inputBias: Float64Array; outputBias: Float64Array; numbers: number; faster: number }

const BETA_1 = 0.9, BETA_2 = 0.999, EPSILON = 1e-7, CLIP = 1, AVERAGE = 0.98;

export class AdamW {
  readonly weights: Weights;
  readonly averages: Weights;
  private readonly first: Weights;
  private readonly second: Weights;
  private readonly firstNumbers: Float64Array;
  private readonly secondNumbers: Float64Array;
  private steps = 0;

  constructor(start: Weights, private readonly directions: Directions | null) {
    const copy = (make: (a: Float64Array) => Float64Array) =>
      Object.fromEntries(NAMES.map((name) => [name, make(start[name])])) as unknown as Weights;
    this.weights = copy((a) => a.slice());
    this.averages = copy((a) => a.slice());
    this.first = copy((a) => new Float64Array(a.length));
    this.second = copy((a) => new Float64Array(a.length));
    this.firstNumbers = new Float64Array(directions?.numbers ?? 0);
    this.secondNumbers = new Float64Array(directions?.numbers ?? 0);
  }

  step(gradients: Weights, rate: number): void {
    this.steps++;
    let square = 0;
    for (const name of NAMES) for (const value of gradients[name]) square += value * value;
    const clip = Math.sqrt(square) > CLIP ? CLIP / Math.sqrt(square) : 1;
    const scale = Math.sqrt(1 - BETA_2 ** this.steps) / (1 - BETA_1 ** this.steps);
    const slopes = this.slopes(gradients, clip);
    for (const name of NAMES) {
      const w = this.weights[name], g = gradients[name], m = this.first[name], v = this.second[name];
      for (let i = 0; i < w.length; i++) {
        const gradient = g[i] * clip;
        m[i] = BETA_1 * m[i] + (1 - BETA_1) * gradient;
        v[i] = BETA_2 * v[i] + (1 - BETA_2) * gradient * gradient;
        w[i] -= (rate * scale * m[i]) / (Math.sqrt(v[i]) + EPSILON);
      }
    }
    this.follow(slopes, rate * scale);
    const share = 1 - Math.min(AVERAGE, (1 + this.steps) / (10 + this.steps));
    for (const name of NAMES) {
      const w = this.weights[name], average = this.averages[name];
      for (let i = 0; i < w.length; i++) average[i] += share * (w[i] - average[i]);
    }
  }

  private slopes(gradients: Weights, clip: number): Float64Array {
    const ways = this.directions;
    if (!ways) return new Float64Array();
    const inputs = ways.inputBias.length / ways.numbers, outputs = ways.outputBias.length / ways.numbers;
    return new Float64Array(ways.numbers).map((_, number) => {
      let sum = 0;
      for (let i = 0; i < inputs; i++) sum += gradients.bias[i] * ways.inputBias[number * inputs + i];
      for (let i = 0; i < outputs; i++) sum += gradients.outputBias[i] * ways.outputBias[number * outputs + i];
      return sum * clip;
    });
  }

  private follow(slopes: Float64Array, rate: number): void {
    const ways = this.directions;
    if (!ways) return;
    const inputs = ways.inputBias.length / ways.numbers, outputs = ways.outputBias.length / ways.numbers;
    slopes.forEach((slope, number) => {
      const m = (this.firstNumbers[number] = BETA_1 * this.firstNumbers[number] + (1 - BETA_1) * slope);
      const v = (this.secondNumbers[number] = BETA_2 * this.secondNumbers[number] + (1 - BETA_2) * slope * slope);
      const moved = (rate * ways.faster * m) / (Math.sqrt(v) + EPSILON);
      for (let i = 0; i < inputs; i++) this.weights.bias[i] -= moved * ways.inputBias[number * inputs + i];
      for (let i = 0; i < outputs; i++) this.weights.outputBias[i] -= moved * ways.outputBias[number * outputs + i];
    });
  }
}
