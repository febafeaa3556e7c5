// A model that makes names: those that Python makes from the same file and seed, in the same order.

import type { Category } from "./blend";
import { type Bound, chooseBound } from "./bounds";
import { Automaton, bare } from "./constraints";
import { Guide } from "./guide";
import { hash8 } from "./hash";
import { Model, ModelError } from "./modelfile";
import { LetterCase } from "./lettercase";
import { type Mixed, Predictor } from "./predictor";
import { Uniforms } from "./random";
import { Choice, draw, weights } from "./sampler";

const BATCH = 32;
const MOST_NAME = 1000;
// As many plain draws tell whether they will do, and as many proposals how good a guide is.
const TRIED = 64, FIT = 16, PILOT = 2_048, ACCEPTING_STEP = 1 << 20, EVENNESS = 1.15, MOST_PLANS = 8;

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
  category: Category; // of a model of several lists
}

// Positions of streams, and what the names of one list are drawn with.
export type Positions = readonly number[];
export interface Way {
  draw(positions: Positions): (number[] | null)[]; // ids after the prompt; null for what does not count
  most: number; // the bound of guided weights, 1 for plain draws
}

export interface Letter {
  letter: string; // "" for the end of the name
  probability: number;
  others: [string, number][]; // the likeliest here, best first
}

export interface Call {
  begins: string;
  letters: number[]; // its ids
  constrained: boolean;
  shortest: number;
  longest: number;
  choice: Choice;
  numbers: Uniforms;
  automaton: Automaton | null;
}

interface Reading extends Call {
  fed: number[]; // the boundary, where names begin with one, and the beginning
  warm: { state: Mixed; logits: Float32Array }; // after that
  begun: number;
  guided: (Bound & { guide: Guide; automaton: Automaton; start: number; context: number }) | null;
}

interface Proposal {
  ids: number[];
  weight: number;
  lowest: number;
  needed: number;
}

const AS_IT_IS: Choice = { temperature: 1, topK: null, topP: null };
const batch = (first: number): Positions => Array.from({ length: BATCH }, (_, row) => first + row);

export class NameModel {
  readonly characters: string[];
  private readonly ids: Map<string, number>;
  private readonly predictor: Predictor;
  private readonly known: Set<bigint>;
  private readonly case: LetterCase;
  private readonly leftOut: string[];
  private readonly plans = new Map<string, Reading["guided"]>();

  constructor(readonly model: Model) {
    const { about } = model;
    this.characters = [...about.vocabulary];
    this.ids = new Map(this.characters.map((character, id) => [character, id]));
    this.predictor = new Predictor(model);
    this.known = new Set(model.tensors.get("training_names")?.values as BigUint64Array | undefined);
    this.case = new LetterCase(this.characters, this.predictor.ngram);
    const words = model.tensors.get("left_out")?.values as Uint8Array | undefined;
    this.leftOut = words ? new TextDecoder().decode(words).split("\n") : [];
  }

  // Letters that a name may begin with, of a model that must be given one.
  get firsts(): string[] {
    if (this.model.about.start_boundary) return [];
    const letters = this.characters.filter((letter) => /\p{L}/u.test(letter));
    const capitals = letters.filter((letter) => letter !== letter.toLowerCase());
    return capitals.length ? capitals : letters;
  }

  // One name after another, as they are found; null now and then, so that one can stop, and an empty
  // one while it is found out how to draw.
  *make(wishes: Wishes): Generator<string | null> {
    const call = this.call(wishes);
    const way = yield* this.way(call, wishes);
    yield* this.select(call, wishes.n, way);
  }

  // What is asked for, as the model understands it.
  call(wishes: Wishes): Call {
    const { about } = this.model;
    const begins = this.case.follow(wishes.begins.normalize("NFC").trim());
    const letters = [...begins].map((letter) => this.id(letter));
    if (!letters.length && !about.start_boundary) throw new ModelError("This model needs a first letter.");
    const shortest = Math.max(1, wishes.shortest);
    const longest = Math.min(wishes.longest ?? Math.max(2 * about.longest_name, wishes.shortest), MOST_NAME);
    if (letters.length > longest) throw new ModelError("The beginning is longer than a name may be.");
    const { temperature, top_k: topK, top_p: topP } = about.defaults;
    const automaton = this.automatonFor(wishes);
    return {
      begins, letters, shortest, longest, automaton,
      choice: { temperature: temperature * wishes.daring, topK, topP }, numbers: new Uniforms(BigInt(wishes.seed)),
      constrained: automaton !== null || wishes.shortest > 1 || wishes.longest !== null,
    };
  }

  // Those of the drawn names that will do.
  *select(call: Call, count: number, { draw }: Way): Generator<string | null> {
    const seen = new Set<string>();
    for (let first = 0, found = 0; found < count; first += BATCH) {
      for (const after of draw(batch(first))) {
        if (after === null || found >= count) continue;
        const name = this.name(call, after);
        if (seen.has(name) || !this.fits(call, name, after)) continue;
        seen.add(name);
        found++;
        yield name;
      }
      yield null;
    }
  }

  // How the names of a call are drawn here.
  *way(call: Call, wishes: Wishes): Generator<"", Way> {
    const fed = this.fed(call.letters);
    const reading: Reading = { ...call, fed, warm: this.predictor.read(fed), begun: call.letters.length, guided: null };
    if (call.constrained) yield* this.plan(reading, wishes);
    return { draw: (positions) => this.some(reading, positions), most: reading.guided?.most ?? 1 };
  }

  private fed(letters: number[]): number[] {
    return this.model.about.start_boundary ? [0, ...letters] : letters;
  }

  private name({ begins }: Call, after: number[]): string {
    return begins + after.map((id) => this.characters[id]).join("");
  }

  private automatonFor(wishes: Wishes): Automaton | null {
    const without = [...wishes.without.split(/[\s,;]+/), ...this.leftOut].filter((word) => bare(word));
    if (!wishes.ends.trim() && !wishes.contains.trim() && !without.length) return null;
    return new Automaton({ ends: wishes.ends, contains: wishes.contains, without }, this.characters);
  }

  // Whether a name will do, but for having come before.
  private fits(call: Call, name: string, after: number[]): boolean {
    if (name === "" || name.trim() !== name || name.normalize("NFC") !== name) return false;
    if ([...name].length < call.shortest || !this.allows(call, after)) return false;
    return !this.isListed(name) && !this.case.breaks(after, call.begins);
  }

  private allows({ automaton, letters }: Call, after: number[]): boolean {
    return !automaton || automaton.accepts[automaton.read([...letters, ...after])];
  }

  // Plainly where one in four of the first draws is as it must be, with a guide otherwise; the last
  // few answers are kept.
  private *plan(call: Reading, wishes: Wishes): Generator<""> {
    const key = JSON.stringify({ ...wishes, n: 0, seed: 0 });
    if (!this.plans.has(key)) {
      yield* this.guide(call);
      if (this.plans.size === MOST_PLANS) this.plans.clear();
      this.plans.set(key, call.guided);
    }
    call.guided = this.plans.get(key)!;
  }

  private *guide(call: Reading): Generator<""> {
    const { fed, letters, begun, shortest, longest } = call;
    const automaton = call.automaton ?? new Automaton({ ends: "", contains: "", without: [] }, this.characters);
    const start = automaton.read(letters);
    if (!automaton.possible(start, Math.max(0, shortest - begun), longest - begun)) {
      throw new ModelError("No name can be so: ask for something else.");
    }
    const trying = { ...call, numbers: new Uniforms(1n) };
    const tried: (number[] | null)[] = [];
    for (let first = 0; first < TRIED; first += BATCH) tried.push(...this.some(trying, batch(first)));
    const fit = tried.filter((after) => after && begun + after.length >= shortest && this.allows(call, after));
    if (!this.predictor.ngram || fit.length >= FIT) return;
    const guide = new Guide(this.predictor.ngram, automaton, shortest, longest, (call.choice.temperature || 1) * EVENNESS);
    call.guided = { guide, automaton, start, context: guide.context(fed), most: Number.MAX_VALUE, rise: Infinity };
    const pilot = { ...call, numbers: new Uniforms(0n) };
    const weights: number[] = [], lowest: number[] = [];
    for (let first = 0; first < PILOT; first += BATCH) {
      for (const proposal of this.propose(pilot, batch(first), 0)) {
        weights.push(proposal.weight);
        lowest.push(proposal.lowest);
      }
      yield "";
    }
    Object.assign(call.guided, chooseBound(weights, lowest));
  }

  // Ids after the prompt of some numbered draws; null for one that does not count.
  private some(call: Reading, positions: Positions): (number[] | null)[] {
    if (!call.guided) return this.draw(call, positions);
    return this.propose(call, positions, call.guided.most).map(({ ids, weight, needed }) => (weight > needed ? ids : null));
  }

  isListed(name: string): boolean {
    return this.known.size > 0 && this.known.has(hash8(name));
  }

  // Numbered names as they come; null for one that grew too long.
  private draw(call: Reading, positions: Positions): (number[] | null)[] {
    const { numbers, choice, warm } = call, shortest = 1 - call.begun, longest = call.longest - call.begun;
    const streams = positions.map((position) => numbers.stream(position));
    const names: (number[] | null)[] = streams.map(() => []);
    const state = this.predictor.copy(warm.state, positions.length);
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
      if (going.length < live.length) this.predictor.keep(state, going);
      live = going.map((place) => live[place]);
      logits = this.predictor.step(ids, state);
    }
    return names;
  }

  // Numbered proposals of the guide: their ids, what they weigh, the least that was on the way, and
  // what they must weigh to be accepted.
  private propose(call: Reading, positions: Positions, most: number): Proposal[] {
    const { guide, automaton, start, context, rise } = call.guided!, { size } = automaton;
    const { warm } = call, longest = call.longest - call.begun;
    const streams = positions.map((position) => call.numbers.stream(position));
    const hoped = guide.hope(context, start, call.begun);
    const made: Proposal[] = streams.map((stream) => {
      const needed = most ? stream(ACCEPTING_STEP) * most : 0;
      return { ids: [], weight: hoped, lowest: hoped, needed };
    });
    const state = this.predictor.copy(warm.state, positions.length);
    let live = streams.map((_, row) => ({ row, context, at: start, hope: hoped }));
    let logits: Float32Array[] = live.map(() => warm.logits);
    for (let time = 0; time <= longest; time++) {
      const ids: number[] = [], going: number[] = [], next: typeof live = [];
      live.forEach((one, place) => {
        const after = guide.after(one.context, one.at, call.begun + time), proposal = made[one.row];
        const chances = weights(logits[place], call.choice);
        let total = 0, all = 0;
        for (let id = 0; id < size; id++) { total += chances[id] * after[id]; all += chances[id]; }
        const mark = streams[one.row](time) * total;
        let id = 0, sum = chances[0] * after[0];
        while (!(sum > mark) && id + 1 < size) sum += chances[++id] * after[id];
        if (!(sum > mark)) id = 0;
        proposal.weight *= total / all / one.hope;
        proposal.lowest = Math.min(proposal.lowest, proposal.weight);
        const hopeless = most ? proposal.needed / rise : 0;
        if (!id || !(proposal.weight > hopeless)) {
          if (id) proposal.weight = 0; // given up
          return;
        }
        proposal.ids.push(id);
        ids.push(id);
        going.push(place);
        next.push({
          row: one.row, context: guide.following[one.context * size + id], at: automaton.moves[one.at * size + id],
          hope: after[id],
        });
      });
      if (!ids.length) break;
      if (going.length < live.length) this.predictor.keep(state, going);
      live = next;
      logits = this.predictor.step(ids, state);
    }
    return made;
  }

  // Probabilities of each character at each place of a name, and after its end; and what stands there.
  readings(name: string): { found: Float64Array[]; said: number[] } {
    const ids = [...name].map((letter) => this.id(letter)), fed = this.fed(ids);
    const state = this.predictor.fresh(1);
    const found = fed.map((id) => {
      const chances = Float64Array.from(weights(this.predictor.step([id], state)[0], AS_IT_IS));
      const total = chances.reduce((a, b) => a + b, 0);
      return chances.map((chance) => chance / total);
    });
    return { found, said: fed.map((_, place) => fed[place + 1] ?? 0) };
  }

  // How likely each letter of a name is after those before it, and its end.
  explain(name: string, _category?: Category): Letter[] {
    return this.told(this.readings(name));
  }

  told({ found, said }: { found: Float64Array[]; said: number[] }): Letter[] {
    const letter = (id: number) => (id ? this.characters[id] : "");
    return found.map((chances, place) => {
      const best = [...chances.keys()].sort((a, b) => chances[b] - chances[a]).slice(0, 5);
      return {
        letter: letter(said[place]), probability: chances[said[place]],
        others: best.map((id) => [letter(id), chances[id]]),
      };
    });
  }

  private id(character: string): number {
    const id = this.ids.get(character);
    if (id === undefined || character === "\n") {
      throw new ModelError(`The model has never seen ${JSON.stringify(character)}.`);
    }
    return id;
  }
}
