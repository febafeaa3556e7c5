// Products of matrices that lie row after row. All are of 64 bits.

// out += a b, for a (rows, inner), b (inner, columns).
export function multiply(
  a: Float64Array, b: Float64Array, out: Float64Array, rows: number, inner: number, columns: number,
): void {
  let row = 0;
  for (; row + 3 < rows; row += 4) multiplyFour(a, b, out, row, inner, columns);
  for (; row < rows; row++) {
    const to = row * columns;
    let k = 0;
    // Four rows of b at once: the sums are read and written a quarter as often.
    for (; k + 3 < inner; k += 4) {
      const w = a[row * inner + k], x = a[row * inner + k + 1], y = a[row * inner + k + 2], z = a[row * inner + k + 3];
      if (w === 0 && x === 0 && y === 0 && z === 0) continue;
      const p = k * columns, q = p + columns, r = q + columns, s = r + columns;
      for (let j = 0; j < columns; j++) out[to + j] += w * b[p + j] + x * b[q + j] + y * b[r + j] + z * b[s + j];
    }
    for (; k < inner; k++) {
      const w = a[row * inner + k];
      for (let j = 0; j < columns; j++) out[to + j] += w * b[k * columns + j];
    }
  }
}

// The same for four rows of a from `row` on: b, which no cache holds where networks are large, is
// read a quarter as often. Each sum is added up in the same order as of a row alone.
function multiplyFour(
  a: Float64Array, b: Float64Array, out: Float64Array, row: number, inner: number, columns: number,
): void {
  const c = row * inner, d = c + inner, e = d + inner, f = e + inner;
  const to = row * columns, to1 = to + columns, to2 = to1 + columns, to3 = to2 + columns;
  let k = 0;
  for (; k + 3 < inner; k += 4) {
    const c0 = a[c + k], c1 = a[c + k + 1], c2 = a[c + k + 2], c3 = a[c + k + 3];
    const d0 = a[d + k], d1 = a[d + k + 1], d2 = a[d + k + 2], d3 = a[d + k + 3];
    const e0 = a[e + k], e1 = a[e + k + 1], e2 = a[e + k + 2], e3 = a[e + k + 3];
    const f0 = a[f + k], f1 = a[f + k + 1], f2 = a[f + k + 2], f3 = a[f + k + 3];
    const p = k * columns, q = p + columns, r = q + columns, s = r + columns;
    for (let j = 0; j < columns; j++) {
      const w = b[p + j], x = b[q + j], y = b[r + j], z = b[s + j];
      out[to + j] += c0 * w + c1 * x + c2 * y + c3 * z;
      out[to1 + j] += d0 * w + d1 * x + d2 * y + d3 * z;
      out[to2 + j] += e0 * w + e1 * x + e2 * y + e3 * z;
      out[to3 + j] += f0 * w + f1 * x + f2 * y + f3 * z;
    }
  }
  for (; k < inner; k++) {
    for (let j = 0; j < columns; j++) {
      const w = b[k * columns + j];
      out[to + j] += a[c + k] * w;
      out[to1 + j] += a[d + k] * w;
      out[to2 + j] += a[e + k] * w;
      out[to3 + j] += a[f + k] * w;
    }
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
