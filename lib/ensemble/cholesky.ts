/** Row by row. */
export type Matrix = readonly (readonly number[])[];

/** A pivot that is smaller than this share of its diagonal element is rounding error. */
const smallestPivot = 1e-13;

/**
 * The lower triangular factor L of a symmetric positive definite matrix A = L·Lᵀ.
 * @returns undefined where A is singular to working precision
 * @see Golub and Van Loan (2013), "Matrix Computations", section 4.2
 */
export function cholesky(matrix: Matrix): number[][] | undefined {
  const lower: number[][] = [];
  for (const [i, row] of matrix.entries()) {
    const factor: number[] = [];
    for (let j = 0; j < i; j++) {
      factor.push((row[j]! - dot(factor, lower[j]!, j)) / lower[j]![j]!);
    }
    const pivot = row[i]! - dot(factor, factor, i);
    if (!(pivot > smallestPivot * row[i]!)) return undefined;
    lower.push([...factor, Math.sqrt(pivot)]);
  }
  return lower;
}

/** Solves L·x = b. @returns x */
export function solveLower(lower: Matrix, b: ArrayLike<number>): number[] {
  const x: number[] = [];
  for (const [i, row] of lower.entries()) x.push((b[i]! - dot(row, x, i)) / row[i]!);
  return x;
}

/** Solves L·Lᵀ·x = b. @returns x */
export function solveFactored(lower: Matrix, b: ArrayLike<number>): number[] {
  const x = solveLower(lower, b);
  for (let i = x.length - 1; i >= 0; i--) {
    for (let j = i + 1; j < x.length; j++) x[i]! -= lower[j]![i]! * x[j]!;
    x[i]! /= lower[i]![i]!;
  }
  return x;
}

/** The sum of the first `n` products. */
export function dot(a: ArrayLike<number>, b: ArrayLike<number>, n = a.length): number {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += a[i]! * b[i]!;
  return sum;
}
