// Products of matrices that lie row after row. All are of 64 bits.

// Numbers of b that stay in the cache while each row of a meets them.
const PANEL = 1 << 15;

// out += a b, for a (rows, inner), b (inner, columns).
export function multiply(
  a: Float64Array, b: Float64Array, out: Float64Array, rows: number, inner: number, columns: number,
): void {
  const panel = Math.max(4, Math.floor(PANEL / columns / 4) * 4);
  for (let first = 0; first < inner; first += panel) {
    for (let row = 0; row < rows; row++) addRow(a, b, out, row, inner, columns, first, Math.min(first + panel, inner));
  }
}

// Of one row, what rows of b from the first to before the last add.
function addRow(
  a: Float64Array, b: Float64Array, out: Float64Array,
  row: number, inner: number, columns: number, first: number, last: number,
): void {
  const to = row * columns;
  let k = first;
  // Four rows of b at once: the sums are read and written a quarter as often.
  for (; k + 3 < last; k += 4) {
    const w = a[row * inner + k], x = a[row * inner + k + 1], y = a[row * inner + k + 2], z = a[row * inner + k + 3];
    if (w === 0 && x === 0 && y === 0 && z === 0) continue;
    const p = k * columns, q = p + columns, r = q + columns, s = r + columns;
    for (let j = 0; j < columns; j++) out[to + j] += w * b[p + j] + x * b[q + j] + y * b[r + j] + z * b[s + j];
  }
  for (; k < last; k++) {
    const w = a[row * inner + k];
    for (let j = 0; j < columns; j++) out[to + j] += w * b[k * columns + j];
  }
}

export function transpose(a: Float64Array, rows: number, columns: number): Float64Array {
  const turned = new Float64Array(a.length);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) turned[j * rows + i] = a[i * columns + j];
  return turned;
}

// A product as a new matrix.
export function product(
  a: Float64Array, b: Float64Array, rows: number, inner: number, columns: number,
): Float64Array {
  const out = new Float64Array(rows * columns);
  multiply(a, b, out, rows, inner, columns);
  return out;
}
