// The wishes in the address of the page, so that a link carries them.

export const WISHES = ["number", "begins", "ends", "contains", "without", "shortest", "longest", "daring"] as const;
export type Wish = (typeof WISHES)[number];

export function toLink(inputs: Map<Wish, HTMLInputElement>): string {
  const wishes = new URLSearchParams();
  for (const [name, input] of inputs) if (input.value !== input.defaultValue) wishes.set(name, input.value);
  return `#${wishes}`;
}

export function fromLink(hash: string): Map<Wish | "seed", string> {
  const given = new URLSearchParams(hash.slice(1));
  const found = new Map<Wish | "seed", string>();
  for (const name of WISHES) if (given.has(name)) found.set(name, given.get(name)!.slice(0, 200));
  if (/^\d{1,15}$/.test(given.get("seed") ?? "")) found.set("seed", given.get("seed")!);
  return found;
}
