// SplitMix64, as in Python: a stream of numbers for each seed and name, each computed alone.

const MASK = (1n << 64n) - 1n;
const GAMMA = 0x9e3779b97f4a7c15n;

function mix(word: bigint): bigint {
  word ^= word >> 30n;
  word = (word * 0xbf58476d1ce4e5b9n) & MASK;
  word ^= word >> 27n;
  word = (word * 0x94d049bb133111ebn) & MASK;
  return word ^ (word >> 31n);
}

export class Uniforms {
  private readonly key: bigint;

  constructor(seed: bigint) {
    this.key = mix((seed + GAMMA) & MASK);
  }

  // Numbers in [0, 1) of the name at a position.
  stream(position: number): (step: number) => number {
    const start = mix(((BigInt(position) + 1n) * GAMMA + this.key) & MASK);
    return (step) => Number(mix((start + BigInt(step + 1) * GAMMA) & MASK) >> 11n) * 2 ** -53;
  }
}

export function anySeed(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0];
}
