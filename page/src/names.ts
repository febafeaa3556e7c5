// A model that makes names: those that Python makes from the same file and seed, in the same order.

import { type Bound, chooseBound } from "./bounds";
import { Automaton, bare } from "./constraints";
import { Guide } from "./guide";
import { hash8 } from "./hash";
import { Model, ModelError, readModel } from "./modelfile";
import { keep, Network, State } from "./network";
import { Ngram } from "./ngram";
import { Uniforms } from "./random";
import { Choice, draw, weights } from "./sampler";

const { fround } = Math;
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

interface Call {
  fed: number[]; // the boundary, where names begin with one, and the beginning
  warm: { state: Mixed; logits: Float32Array }; // after that
  begun: number;
  shortest: number;
  longest: number;
  choice: Choice;
  numbers: Uniforms;
  automaton: Automaton | null;
  guided: (Bound & { guide: Guide; automaton: Automaton; start: number; context: number }) | null;
}

interface Proposal {
  ids: number[];
  weight: number;
  lowest: number;
  needed: number;
}

export class NameModel {
  readonly characters: string[];
  private readonly ids: Map<string, number>;
  private readonly network: Network;
  private readonly ngram: Ngram | null;
  private readonly known: Set<bigint>;
  private readonly case: LetterCase;
  private readonly leftOut: string[];
  private readonly plans = new Map<string, Call["guided"]>();

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

  // One name after another, as they are found; null now and then, so that one can stop, and an empty
  // one while it is found out how to draw.
  *make(wishes: Wishes): Generator<string | null> {
    const { about } = this.model;
    const begins = this.case.follow(wishes.begins.normalize("NFC").trim());
    const letters = [...begins].map((letter) => this.id(letter));
    if (!letters.length && !about.start_boundary) throw new ModelError("This model needs a first letter.");
    const shortest = Math.max(1, wishes.shortest);
    const longest = Math.min(wishes.longest ?? Math.max(2 * about.longest_name, wishes.shortest), MOST_NAME);
    if (letters.length > longest) throw new ModelError("The beginning is longer than a name may be.");
    const { temperature, top_k: topK, top_p: topP } = about.defaults;
    const fed = about.start_boundary ? [0, ...letters] : letters;
    const call: Call = {
      fed, warm: this.read(fed), begun: letters.length, shortest, longest,
      choice: { temperature: temperature * wishes.daring, topK, topP },
      numbers: new Uniforms(BigInt(wishes.seed)), automaton: this.automatonFor(wishes), guided: null,
    };
    const name = (after: number[]) => begins + after.map((id) => this.characters[id]).join("");
    const constrained = call.automaton !== null || wishes.shortest > 1 || wishes.longest !== null;
    if (constrained) yield* this.plan(call, name, wishes);
    const seen = new Set<string>();
    let found = 0;
    for (let first = 0; found < wishes.n; first += BATCH) {
      for (const after of this.some(call, first)) {
        if (after === null || found >= wishes.n || !this.fits(call, name(after), after, begins)) continue;
        if (seen.has(name(after))) continue;
        seen.add(name(after));
        found++;
        yield name(after);
      }
      yield null;
    }
  }

  private automatonFor(wishes: Wishes): Automaton | null {
    const without = [...wishes.without.split(/[\s,;]+/), ...this.leftOut].filter((word) => bare(word));
    if (!wishes.ends.trim() && !wishes.contains.trim() && !without.length) return null;
    return new Automaton({ ends: wishes.ends, contains: wishes.contains, without }, this.characters);
  }

  // Whether a name will do, but for having come before.
  private fits(call: Call, name: string, after: number[], begins: string): boolean {
    if (name === "" || name.trim() !== name || name.normalize("NFC") !== name) return false;
    if ([...name].length < call.shortest || !this.allows(call, after)) return false;
    return !this.isListed(name) && !this.case.breaks(after, begins);
  }

  private allows({ automaton, fed }: Call, after: number[]): boolean {
    const ids = fed.filter((id) => id);
    return !automaton || automaton.accepts[automaton.read([...ids, ...after])];
  }

  // Plainly where one in four of the first draws is as it must be, with a guide otherwise; the last
  // few answers are kept.
  private *plan(call: Call, name: (after: number[]) => string, wishes: Wishes): Generator<""> {
    const key = JSON.stringify({ ...wishes, n: 0, seed: 0 });
    if (!this.plans.has(key)) {
      yield* this.guide(call, name);
      if (this.plans.size === MOST_PLANS) this.plans.clear();
      this.plans.set(key, call.guided);
    }
    call.guided = this.plans.get(key)!;
  }

  private *guide(call: Call, name: (after: number[]) => string): Generator<""> {
    const { fed, begun, shortest, longest } = call;
    const automaton = call.automaton ?? new Automaton({ ends: "", contains: "", without: [] }, this.characters);
    const start = automaton.read(fed.filter((id) => id));
    if (!automaton.possible(start, Math.max(0, shortest - begun), longest - begun)) {
      throw new ModelError("No name can be so: ask for something else.");
    }
    const trying = { ...call, numbers: new Uniforms(1n) };
    const tried: (number[] | null)[] = [];
    for (let first = 0; first < TRIED; first += BATCH) tried.push(...this.some(trying, first));
    const fit = tried.filter((after) => after && [...name(after)].length >= shortest && this.allows(call, after));
    if (!this.ngram || fit.length >= FIT) return;
    const guide = new Guide(this.ngram, automaton, shortest, longest, (call.choice.temperature || 1) * EVENNESS);
    call.guided = { guide, automaton, start, context: guide.context(fed), most: Number.MAX_VALUE, rise: Infinity };
    const pilot = { ...call, numbers: new Uniforms(0n) };
    const weights: number[] = [], lowest: number[] = [];
    for (let first = 0; first < PILOT; first += BATCH) {
      for (const proposal of this.propose(pilot, first, 0)) {
        weights.push(proposal.weight);
        lowest.push(proposal.lowest);
      }
      yield "";
    }
    Object.assign(call.guided, chooseBound(weights, lowest));
  }

  // Ids after the prompt of some numbered draws; null for one that does not count.
  private some(call: Call, first: number): (number[] | null)[] {
    if (!call.guided) return this.draw(call, first);
    return this.propose(call, first, call.guided.most).map(({ ids, weight, needed }) => (weight > needed ? ids : null));
  }

  isListed(name: string): boolean {
    return this.known.size > 0 && this.known.has(hash8(name));
  }

  // Numbered names as they come; null for one that grew too long.
  private draw(call: Call, first: number): (number[] | null)[] {
    const { numbers, choice, warm } = call, shortest = 1 - call.begun, longest = call.longest - call.begun;
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

  // Numbered proposals of the guide: their ids, what they weigh, the least that was on the way, and
  // what they must weigh to be accepted.
  private propose(call: Call, first: number, most: number): Proposal[] {
    const { guide, automaton, start, context, rise } = call.guided!, { size } = automaton;
    const { warm } = call, longest = call.longest - call.begun;
    const streams = Array.from({ length: BATCH }, (_, row) => call.numbers.stream(first + row));
    const hoped = guide.hope(context, start, call.begun);
    const made: Proposal[] = streams.map((stream) => {
      const needed = most ? stream(ACCEPTING_STEP) * most : 0;
      return { ids: [], weight: hoped, lowest: hoped, needed };
    });
    const state = this.copy(warm.state, BATCH);
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
      if (going.length < live.length) this.keep(state, going);
      live = next;
      logits = this.step(ids, state);
    }
    return made;
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
