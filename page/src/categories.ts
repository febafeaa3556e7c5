// A model of several lists: names of one of them, of a blend, or as often as in the data.

import { blended, type Category, parse } from "./blend";
import type { Model } from "./modelfile";
import { type Call, type Letter, NameModel, type Positions, type Way, type Wishes } from "./names";

// The streams of numbers end long before; as in Python's `generation.category_draws`.
const CHOOSING_STEP = 1 << 21;
const BOUNDLESS = 1e300;
const MOST_BLENDS = 8;

export class CategoryModel {
  readonly labels: string[];
  private readonly shares: number[];
  private readonly whole: NameModel;
  private readonly each = new Map<number, NameModel>();
  private readonly blends = new Map<string, NameModel>();

  constructor(readonly model: Model) {
    const { categories } = model.about;
    this.labels = categories!.map(([label]) => label);
    const all = categories!.reduce((sum, [, names]) => sum + names, 0);
    this.shares = categories!.map(([, names]) => names / all);
    this.whole = new NameModel(blended(model, this.shares));
  }

  *make(wishes: Wishes): Generator<string | null> {
    if (wishes.category.length) {
      yield* this.blend(wishes.category).make(wishes);
      return;
    }
    const call = this.whole.call(wishes);
    const way = yield* this.way(call, wishes);
    yield* this.whole.select(call, wishes.n, way);
  }

  // How likely each letter is, whichever list the name is of: those that would have made it so far
  // count the more.
  explain(name: string, category: Category): Letter[] {
    if (category.length) return this.blend(category).explain(name);
    const readings = this.labels.map((_, tag) => this.ofTag(tag).readings(name));
    const { said } = readings[0];
    let odds = this.shares;
    const found = said.map((id, place) => {
      const all = odds.reduce((a, b) => a + b, 0);
      const mixed = readings[0].found[place].map((_, other) =>
        readings.reduce((sum, reading, tag) => sum + (odds[tag] / all) * reading.found[place][other], 0));
      odds = odds.map((share, tag) => (share / all) * readings[tag].found[place][id]);
      return mixed;
    });
    return this.whole.told({ found, said });
  }

  private *way(call: Call, wishes: Wishes): Generator<"", Way> {
    const ways = new Map<number, Way>();
    let shares = call.begins ? this.given(call.begins) : this.shares;
    for (let tag = 0; tag < shares.length; tag++) {
      if (shares[tag]) ways.set(tag, yield* this.ofTag(tag).way(call, wishes));
    }
    // A share like 1 / most of a list's proposals is accepted: it is chosen so much more often.
    const weighed = shares.map((share, tag) => share * bound(ways.get(tag)));
    const all = weighed.reduce((a, b) => a + b, 0);
    if (call.constrained) shares = weighed.map((share) => share / all);
    let sum = 0;
    const ends = shares.map((share) => (sum += share));
    const draw = (positions: Positions) => {
      const tags = positions.map((position) => {
        const mark = call.numbers.stream(position)(CHOOSING_STEP) * sum;
        return ends.findIndex((end) => end > mark);
      });
      const drawn: (number[] | null)[] = positions.map(() => null);
      for (const tag of new Set(tags)) {
        const places = [...tags.keys()].filter((place) => tags[place] === tag);
        ways.get(tag)!.draw(places.map((place) => positions[place])).forEach((ids, i) => (drawn[places[i]] = ids));
      }
      return drawn;
    };
    return { draw, most: 1 };
  }

  // How often each list comes among names that begin so, by Bayes' rule.
  private given(begins: string): number[] {
    const length = [...begins].length;
    const logs = this.shares.map((share, tag) => {
      const { found, said } = this.ofTag(tag).readings(begins);
      return Math.log(share) + said.slice(0, length).reduce((sum, id, place) => sum + Math.log(found[place][id]), 0);
    });
    const peak = Math.max(...logs), odds = logs.map((log) => Math.exp(log - peak));
    const all = odds.reduce((a, b) => a + b, 0);
    return odds.map((odd) => odd / all);
  }

  private ofTag(tag: number): NameModel {
    if (!this.each.has(tag)) {
      this.each.set(tag, new NameModel(blended(this.model, this.labels.map((_, other) => +(other === tag)))));
    }
    return this.each.get(tag)!;
  }

  private blend(asked: Category): NameModel {
    const weights = parse(asked, this.labels), tag = weights.indexOf(1);
    if (tag >= 0) return this.ofTag(tag);
    const key = weights.join();
    if (!this.blends.has(key)) {
      if (this.blends.size === MOST_BLENDS) this.blends.clear();
      this.blends.set(key, new NameModel(blended(this.model, weights)));
    }
    return this.blends.get(key)!;
  }
}

function bound(way: Way | undefined): number {
  if (!way) return 0;
  return way.most < BOUNDLESS ? way.most : 1;
}
