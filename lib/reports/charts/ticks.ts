/** Steps of a scale that people count in. */
const steps = [1, 2, 5, 10];

/**
 * Round numbers within a range, evenly apart.
 * @param about how many there should be
 */
export function linearTicks(min: number, max: number, about: number): number[] {
  if (!(max > min)) return [min];
  const rough = (max - min) / about;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * steps.find((factor) => power * factor >= rough)!;
  const first = Math.ceil(min / step - 1e-9);
  const last = Math.floor(max / step + 1e-9);
  // A whole number times the step may be off by its last digit: 3 × 0.1.
  return Array.from({ length: last - first + 1 }, (_, i) =>
    Number(((first + i) * step).toPrecision(12)),
  );
}

/**
 * Round numbers within a range above 0: powers of ten, with those times 2 and 5 where that does not
 * make more than `most`; evenly apart where the range spans no three of them.
 */
export function logTicks(min: number, max: number, most: number): number[] {
  const [from, to] = [Math.floor(Math.log10(min)), Math.ceil(Math.log10(max))];
  const within = (factors: readonly number[]) =>
    Array.from({ length: to - from + 1 }, (_, i) => from + i)
      .flatMap((power) => factors.map((factor) => Number(`${factor}e${power}`)))
      .filter((tick) => tick >= min * (1 - 1e-9) && tick <= max * (1 + 1e-9));
  const fine = within([1, 2, 5]);
  if (fine.length < 3) return linearTicks(min, max, 4);
  if (fine.length <= most) return fine;
  const powers = within([1]);
  const every = Math.ceil(powers.length / most);
  return powers.filter((_, i) => i % every === 0);
}
