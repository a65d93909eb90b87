import { dot } from "./cholesky.js";

/** A series less its mean, and the length of what is left as a vector. */
export type Centred = { mean: number; deviations: Float64Array; norm: number };

/** @param values [n], n at least 1 */
export function centre(values: ArrayLike<number>): Centred {
  const deviations = Float64Array.from(values);
  let mean = 0;
  // The second pass takes away what the rounding of the first mean left.
  for (let pass = 0; pass < 2; pass++) {
    const rest = deviations.reduce((sum, value) => sum + value, 0) / deviations.length;
    mean += rest;
    for (let i = 0; i < deviations.length; i++) deviations[i]! -= rest;
  }
  return { mean, deviations, norm: Math.sqrt(dot(deviations, deviations)) };
}

/** Whether all values are one, but for rounding errors: there is nothing to learn from them. */
export const isFlat = ({ mean, deviations, norm }: Centred): boolean =>
  norm <= 1e-12 * Math.abs(mean) * Math.sqrt(deviations.length);

/** A series of the mean 0 and the standard deviation 1; zeros where it is flat. */
export function standardise(values: ArrayLike<number>): Float64Array {
  const centred = centre(values);
  const { deviations, norm } = centred;
  const factor = isFlat(centred) ? 0 : Math.sqrt(deviations.length) / norm;
  return deviations.map((value) => value * factor);
}
