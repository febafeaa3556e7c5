// Where the list has capitals and small letters, as its n-gram remembers it.

import { Ngram } from "./ngram";

const enum Kind { Beginning, Other, Small, Capital }

export class LetterCase {
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
