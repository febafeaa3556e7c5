// The wishes in the address of the page, so that a link carries them.

export const WISHES = [
  "number", "length", "begins", "ends", "contains", "without", "shortest", "longest",
  "daring", "category", "blend", "share",
] as const;
export type Wish = (typeof WISHES)[number];
export type Inputs = Map<Wish, HTMLInputElement | HTMLSelectElement>;

export function toLink(inputs: Inputs): string {
  const wishes = new URLSearchParams();
  for (const [name, input] of inputs) if (input.value !== initial(input)) wishes.set(name, input.value);
  return `#${wishes}`;
}

export function fromLink(hash: string): Map<Wish | "seed", string> {
  const given = new URLSearchParams(hash.slice(1));
  const found = new Map<Wish | "seed", string>();
  for (const name of WISHES) if (given.has(name)) found.set(name, given.get(name)!.slice(0, 200));
  if (/^\d{1,15}$/.test(given.get("seed") ?? "")) found.set("seed", given.get("seed")!);
  return found;
}

function initial(input: HTMLInputElement | HTMLSelectElement): string {
  return "defaultValue" in input ? input.defaultValue : "";
}
