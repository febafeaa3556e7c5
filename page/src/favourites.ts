// Names that were kept, in the page's own storage; without one until the page is closed.

export class Favourites {
  all: string[] = [];
  remembers = true;
  private readonly key: string;

  constructor(title: string) {
    this.key = `kept names of ${title}`;
    try {
      const found: unknown = JSON.parse(localStorage.getItem(this.key) ?? "[]");
      if (Array.isArray(found)) this.all = found.filter((name) => typeof name === "string").slice(0, 10_000);
    } catch {
      this.remembers = false;
    }
  }

  has(name: string): boolean {
    return this.all.includes(name);
  }

  toggle(name: string): void {
    this.all = this.has(name) ? this.all.filter((other) => other !== name) : [...this.all, name];
    try {
      localStorage.setItem(this.key, JSON.stringify(this.all));
    } catch {
      this.remembers = false;
    }
  }
}
