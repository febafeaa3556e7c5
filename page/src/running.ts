// A model of running text: what follows a beginning, character by character, as in Python.

import { type Model, ModelError } from "./modelfile";
import { Predictor } from "./predictor";
import { Uniforms } from "./random";
import { draw } from "./sampler";

export interface TextWishes {
  begins: string;
  length: number; // characters after the beginning
  seed: number;
  daring: number; // times the temperature that the model has
}

export class TextModel {
  private readonly characters: string[];
  private readonly predictor: Predictor;

  constructor(readonly model: Model) {
    this.characters = [...model.about.vocabulary];
    this.predictor = new Predictor(model);
  }

  *write({ begins, length, seed, daring }: TextWishes): Generator<string> {
    const { defaults, options } = this.model.about;
    // One that has learned from windows sees as much; the state of another is carried on.
    const window = options?.layout === "windows" && typeof options.seq_length === "number" ? options.seq_length : 0;
    const choice = { temperature: defaults.temperature * daring, topK: defaults.top_k, topP: defaults.top_p };
    const number = new Uniforms(BigInt(seed)).stream(0);
    let ids = [...(begins.normalize("NFC").replace(/\r\n?/g, "\n") || "\n")].map((letter) => this.id(letter));
    let { state, logits } = this.predictor.read(ids.slice(-window));
    for (let step = 0; step < length; step++) {
      const id = draw(logits, choice, number(step));
      yield this.characters[id];
      if (window) {
        ids = [...ids, id].slice(-window);
        ({ logits } = this.predictor.read(ids));
      } else logits = this.predictor.step([id], state)[0];
    }
  }

  private id(character: string): number {
    const id = this.characters.indexOf(character);
    if (id < 0) throw new ModelError(`The model has never seen ${JSON.stringify(character)}.`);
    return id;
  }
}
