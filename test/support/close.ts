/**
 * Expects plain objects to be alike, numbers up to a relative difference. Tells all that differ.
 * @param tolerance of numbers, relative to the larger of 1 and what is expected
 */
export function expectClose(actual: unknown, expected: unknown, tolerance = 1e-9): void {
  expect([...differences(actual, expected, tolerance, "")]).toEqual([]);
}

function* differences(
  actual: unknown,
  expected: unknown,
  tolerance: number,
  place: string,
): Generator<string> {
  if (typeof actual === "number" && typeof expected === "number") {
    if (Math.abs(actual - expected) <= tolerance * Math.max(1, Math.abs(expected))) return;
  } else if (isObject(actual) && isObject(expected)) {
    for (const key of new Set([...Object.keys(actual), ...Object.keys(expected)])) {
      yield* differences(actual[key], expected[key], tolerance, `${place}.${key}`);
    }
    return;
  } else if (Object.is(actual, expected)) return;
  yield `${place}: ${JSON.stringify(actual)}, not ${JSON.stringify(expected)}`;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null;
