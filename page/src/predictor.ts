// What gives logits for the next character: the network, or that mixed with an n-gram, as in Python.

import type { Model } from "./modelfile";
import { keep, Network, State } from "./network";
import { Ngram } from "./ngram";

const { fround } = Math;

export interface Mixed {
  network: State;
  nodes: number[];
}

export class Predictor {
  readonly size: number;
  readonly ngram: Ngram | null;
  private readonly network: Network;

  constructor(private readonly model: Model) {
    this.network = new Network(model);
    this.size = this.network.sizes.vocab_size;
    this.ngram = model.about.partner ? new Ngram(model, model.about.partner) : null;
  }

  fresh(names: number): Mixed {
    return { network: this.network.start(names), nodes: new Array(names).fill(0) };
  }

  read(ids: number[]): { state: Mixed; logits: Float32Array } {
    const state = this.fresh(1);
    let logits: Float32Array = new Float32Array();
    for (const id of ids) logits = this.step([id], state)[0];
    return { state, logits };
  }

  copy(state: Mixed, count: number): Mixed {
    const made = { network: { hidden: [...state.network.hidden], cell: [...state.network.cell] }, nodes: state.nodes };
    this.keep(made, new Array(count).fill(0));
    return made;
  }

  keep(state: Mixed, rows: number[]): void {
    keep(state.network, rows, this.network.sizes.rnn_units);
    state.nodes = rows.map((row) => state.nodes[row]);
  }

  step(ids: number[], state: Mixed): Float32Array[] {
    const all = this.network.step(ids, state.network);
    const { size } = this;
    const rows = ids.map((_, row) => all.slice(row * size, (row + 1) * size));
    const { partner } = this.model.about;
    if (!this.ngram || !partner) return rows;
    const [mine, theirs] = [fround(partner.mixing.network), fround(partner.mixing.ngram)];
    rows.forEach((row, place) => {
      state.nodes[place] = this.ngram!.advance(state.nodes[place], ids[place]);
      const logs = this.ngram!.logs(state.nodes[place]);
      for (let i = 0; i < size; i++) row[i] = fround(row[i] * mine) + fround(theirs * logs[i]);
    });
    return rows;
  }
}
