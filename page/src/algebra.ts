// Products of matrices that lie row after row. All are of 64 bits.

// out += a b, for a (rows, inner), b (inner, columns).
export function multiply(
  a: Float64Array, b: Float64Array, out: Float64Array, rows: number, inner: number, columns: number,
): void {
  for (let row = 0; row < rows; row++) {
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
