/** The middle one; of an even number the mean of the two in the middle. */
export function median(values: readonly number[]): number;
/** The smallest value that at least this share of all values does not exceed. */
export function quantile(values: readonly number[], share: number): number;
/** For each figure the median over the runs that have it. */
export function medians(runs: readonly Record<string, number>[]): Record<string, number>;
/** Floating-point operations of an encoder's forward pass over sequences without padding. */
export function forwardFlops(
  config: { hidden_size: number; intermediate_size: number; num_hidden_layers: number },
  lengths: readonly number[],
): number;
