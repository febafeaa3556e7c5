// A list as people have it: names from pasted text, one on a line, or the first column of a table.

export interface List {
  names: string[];
  notes: string[];
}
export class ListError extends Error {}

const FEWEST = 10, MOST = 5_000, LONGEST = 60, MOST_CHARACTERS = 1_000_000, MOST_LETTERS = 500;

export function readList(text: string): List {
  if (text.length > MOST_CHARACTERS) throw new ListError(`This is too long for a list: ${text.length} characters.`);
  if (/[\0\uFFFD]/.test(text)) throw new ListError("This is no text in UTF-8.");
  const lines = text.replace(/^\uFEFF/, "").split(/\r\n|\r|\n/).map((line) => line.trim()).filter(Boolean);
  const notes: string[] = [];
  const separator = ["\t", ";", ","].find((mark) => lines.filter((line) => line.includes(mark)).length > lines.length / 2);
  const cells = separator ? lines.map((line) => firstCell(line, separator)) : lines;
  if (separator) notes.push("read as a table: its first column");
  const clean = cells.map((cell) => cell.normalize("NFC").replace(/\s+/g, " ").trim()).filter(Boolean);
  const long = clean.filter((name) => [...name].length > LONGEST).length;
  const names = [...new Set(clean.filter((name) => [...name].length <= LONGEST && !/[\p{Cc}\p{Cf}\p{Co}]/u.test(name)))];
  if (long) notes.push(`${long} longer than ${LONGEST} characters left out`);
  const repeats = clean.length - long - names.length;
  if (repeats) notes.push(`${repeats} repeated or unreadable left out`);
  if (names.length < FEWEST) throw new ListError(`A list needs ${FEWEST} names at least, and this has ${names.length}.`);
  if (names.length > MOST) throw new ListError(`A list may have ${MOST} names here, and this has ${names.length}.`);
  if (new Set(names.join("")).size > MOST_LETTERS) throw new ListError("This has too many different characters.");
  return { names, notes };
}

function firstCell(line: string, separator: string): string {
  if (!line.startsWith('"')) return line.split(separator)[0];
  const end = line.slice(1).search(/"(?!")/);
  return end < 0 ? line : line.slice(1, end + 1).replaceAll('""', '"');
}
