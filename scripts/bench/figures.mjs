/** The middle one; of an even number the mean of the two in the middle. */
export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return (sorted[Math.ceil(middle) - 1] + sorted[Math.floor(middle)]) / 2;
}

/** The smallest value that at least this share of all values does not exceed. */
export function quantile(values, share) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
}

/** For each figure the median over the runs that have it. */
export function medians(runs) {
  const names = [...new Set(runs.flatMap((run) => Object.keys(run)))];
  return Object.fromEntries(
    names.map((name) => [
      name,
      median(runs.map((run) => run[name]).filter((value) => value !== undefined)),
    ]),
  );
}

/**
 * Floating-point operations of an encoder's forward pass over sequences without padding: 2 for each
 * weight of its linear layers and token, and 4 × hidden size for each pair of tokens that attend to
 * each other, in each layer.
 * @param config Hugging Face's config.json
 * @param lengths tokens of each sequence
 */
export function forwardFlops(config, lengths) {
  const {
    hidden_size: hidden,
    intermediate_size: intermediate,
    num_hidden_layers: layers,
  } = config;
  const weights = 4 * hidden * hidden + 2 * hidden * intermediate;
  const ofSequence = (tokens) => 2 * weights * tokens + 4 * hidden * tokens * tokens;
  return layers * sum(lengths.map(ofSequence));
}

export const sum = (values) => values.reduce((total, value) => total + value, 0);

export const mean = (values) => sum(values) / values.length;
