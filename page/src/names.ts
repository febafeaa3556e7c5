// A model that makes names: those that Python makes from the same file and seed, in the same order.

import { hash8 } from "./hash";
import { Model, ModelError, readModel } from "./modelfile";
import { keep, Network, State } from "./network";
import { Ngram } from "./ngram";
import { Uniforms } from "./random";
import { Choice, draw, weights } from "./sampler";

const { fround } = Math;
const BATCH = 32;
const MOST_NAME = 1000;

export interface Wishes {
  n: number;
  seed: number;
  begins: string;
  ends: string;
  contains: string;
  without: string;
  shortest: number;
  longest: number | null;
  daring: number; // times the temperature that the model has
}

export interface Letter {
  letter: string; // "" for the end of the name
  probability: number;
  others: [string, number][]; // the likeliest here, best first
}

interface Mixed {
  network: State;
  nodes: number[];
}

export class NameModel {
  readonly characters: string[];
  private readonly ids: Map<string, number>;
  private readonly network: Network;
  private readonly ngram: Ngram | null;
  private readonly known: Set<bigint>;
  private readonly case: LetterCase;
  private readonly leftOut: string[];

  constructor(readonly model: Model) {
    const { about } = model;
    this.characters = [...about.vocabulary];
    this.ids = new Map(this.characters.map((character, id) => [character, id]));
    this.network = new Network(model);
    this.ngram = about.partner ? new Ngram(model, about.partner) : null;
    this.known = new Set(model.tensors.get("training_names")?.values as BigUint64Array | undefined);
    this.case = new LetterCase(this.characters, this.ngram);
    const words = model.tensors.get("left_out")?.values as Uint8Array | undefined;
    this.leftOut = words ? new TextDecoder().decode(words).split("\n") : [];
  }

  static read(file: Uint8Array): NameModel {
    return new NameModel(readModel(file));
  }

  // One name after another, as they are found; null now and then, so that one can stop.
  *make(wishes: Wishes): Generator<string | null> {
    const { about } = this.model;
    const begins = this.case.follow(wishes.begins.normalize("NFC").trim());
    const letters = [...begins];
    for (const letter of letters) this.id(letter);
    if (!letters.length && !about.start_boundary) throw new ModelError("This model needs a first letter.");
    const longest = Math.min(wishes.longest ?? 2 * about.longest_name, MOST_NAME);
    if (letters.length > longest) throw new ModelError("The beginning is longer than a name may be.");
    const { temperature, top_k: topK, top_p: topP } = about.defaults;
    const choice: Choice = { temperature: temperature * wishes.daring, topK, topP };
    const warm = this.read([...(about.start_boundary ? [0] : []), ...letters.map((letter) => this.id(letter))]);
    const fits = this.rule(wishes);
    const seen = new Set<string>();
    const numbers = new Uniforms(BigInt(wishes.seed));
    let found = 0;
    for (let first = 0; found < wishes.n; first += BATCH) {
      for (const after of this.draw(warm, numbers, first, choice, 1 - letters.length, longest - letters.length)) {
        const name = after === null ? null : begins + after.map((id) => this.characters[id]).join("");
        if (name === null || found >= wishes.n || seen.has(name) || !fits(name, after!, begins)) continue;
        seen.add(name);
        found++;
        yield name;
      }
      yield null;
    }
  }

  private rule(wishes: Wishes): (name: string, after: number[], begins: string) => boolean {
    const fold = (text: string) => text.normalize("NFC").trim().toLowerCase();
    const [ends, contains] = [fold(wishes.ends), fold(wishes.contains)];
    // A word is found behind accents, blanks and hyphens, too.
    const bare = (text: string) => fold(text).normalize("NFD").replace(/[^\p{L}\p{N}]/gu, "");
    const without = [...wishes.without.split(/[\s,;]+/), ...this.leftOut].map(bare).filter(Boolean);
    return (name, after, begins) => {
      const folded = name.toLowerCase();
      return (
        name.trim() === name && name !== "" && name.normalize("NFC") === name &&
        folded.endsWith(ends) && folded.includes(contains) && !without.some((word) => bare(name).includes(word)) &&
        [...name].length >= Math.max(1, wishes.shortest) &&
        !this.isListed(name) && !this.case.breaks(after, begins)
      );
    };
  }

  isListed(name: string): boolean {
    return this.known.size > 0 && this.known.has(hash8(name));
  }

  // Ids after the prompt of some numbered names; null for one that grew too long.
  private draw(
    warm: { state: Mixed; logits: Float32Array }, numbers: Uniforms, first: number, choice: Choice,
    shortest: number, longest: number,
  ): (number[] | null)[] {
    const streams = Array.from({ length: BATCH }, (_, row) => numbers.stream(first + row));
    const names: (number[] | null)[] = streams.map(() => []);
    const state = this.copy(warm.state, BATCH);
    let live = streams.map((_, row) => row);
    let logits: Float32Array[] = live.map(() => warm.logits.slice());
    for (let time = 0; time <= longest && live.length; time++) {
      const ids: number[] = [], going: number[] = [];
      live.forEach((row, place) => {
        if (time < shortest) logits[place][0] = -Infinity;
        const id = draw(logits[place], choice, streams[row](time));
        if (!id) return;
        if (time === longest) names[row] = null;
        else {
          names[row]!.push(id);
          ids.push(id);
          going.push(place);
        }
      });
      if (!ids.length) break;
      if (going.length < live.length) this.keep(state, going);
      live = going.map((place) => live[place]);
      logits = this.step(ids, state);
    }
    return names;
  }

  // How likely each letter of a name is after those before it, and its end.
  explain(name: string): Letter[] {
    const ids = [...name].map((letter) => this.id(letter));
    const { start_boundary: boundary } = this.model.about;
    const state = this.fresh(1);
    const letters: Letter[] = [];
    const choice: Choice = { temperature: 1, topK: null, topP: null };
    (boundary ? [0, ...ids] : ids).forEach((id, place) => {
      const found = weights(this.step([id], state)[0], choice);
      const total = found.reduce((a, b) => a + b, 0);
      const said = (boundary ? ids[place] : ids[place + 1]) ?? 0;
      const best = [...found.keys()].sort((a, b) => found[b] - found[a]).slice(0, 5);
      letters.push({
        letter: said ? this.characters[said] : "",
        probability: found[said] / total,
        others: best.map((id) => [id ? this.characters[id] : "", found[id] / total]),
      });
    });
    return letters;
  }

  private id(character: string): number {
    const id = this.ids.get(character);
    if (id === undefined || character === "\n") {
      throw new ModelError(`The model has never seen ${JSON.stringify(character)}.`);
    }
    return id;
  }

  private fresh(names: number): Mixed {
    return { network: this.network.start(names), nodes: new Array(names).fill(0) };
  }

  private read(ids: number[]): { state: Mixed; logits: Float32Array } {
    const state = this.fresh(1);
    let logits: Float32Array = new Float32Array();
    for (const id of ids) logits = this.step([id], state)[0];
    return { state, logits };
  }

  private copy(state: Mixed, count: number): Mixed {
    const made = { network: { hidden: [...state.network.hidden], cell: [...state.network.cell] }, nodes: state.nodes };
    this.keep(made, new Array(count).fill(0));
    return made;
  }

  private keep(state: Mixed, rows: number[]): void {
    keep(state.network, rows, this.network.sizes.rnn_units);
    state.nodes = rows.map((row) => state.nodes[row]);
  }

  private step(ids: number[], state: Mixed): Float32Array[] {
    const all = this.network.step(ids, state.network);
    const size = this.network.sizes.vocab_size;
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

const enum Kind { Beginning, Other, Small, Capital }

// Where the list has capitals and small letters, as its n-gram remembers it.
class LetterCase {
  private readonly kinds: Kind[];
  private readonly forbidden = new Set<number>();

  constructor(private readonly characters: string[], ngram: Ngram | null) {
    this.kinds = characters.map((character, id) => (id ? kindOf(character) : Kind.Beginning));
    const after = ngram?.pairs() ?? [];
    for (const before of [Kind.Beginning, Kind.Small, Kind.Capital]) {
      const seen = new Set<number>();
      after.forEach((some, id) => this.kinds[id] === before && some.forEach((other) => seen.add(this.kinds[other])));
      const any = after.some((some, id) => this.kinds[id] === before && some.size);
      for (const kind of [Kind.Small, Kind.Capital]) if (any && !seen.has(kind)) this.forbidden.add(before * 4 + kind);
    }
  }

  follow(text: string): string {
    let before = Kind.Beginning, written = "";
    for (let character of text) {
      if (!this.fits(before, character)) {
        const small = character.toLowerCase();
        const other = small === character ? character.toUpperCase() : small;
        if ([...other].length === 1 && this.fits(before, other)) character = other;
      }
      before = kindOf(character);
      written += character;
    }
    return [...written].every((c) => this.characters.includes(c)) ? written : text;
  }

  private fits(before: Kind, character: string): boolean {
    return this.characters.includes(character) && !this.forbidden.has(before * 4 + kindOf(character));
  }

  breaks(after: number[], begins: string): boolean {
    let before = begins ? kindOf([...begins].at(-1)!) : Kind.Beginning;
    for (const id of after) {
      if (this.forbidden.has(before * 4 + this.kinds[id])) return true;
      before = this.kinds[id];
    }
    return false;
  }
}

function kindOf(character: string): Kind {
  const [small, capital] = [character.toLowerCase(), character.toUpperCase()];
  if (small === capital) return Kind.Other;
  return character === small ? Kind.Small : character === capital ? Kind.Capital : Kind.Other;
}
