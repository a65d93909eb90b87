import { readFileSync } from "node:fs";
import path from "node:path";
import { readSafetensorsHeader } from "../../lib/checkpoint/safetensors.js";
import { readTensors } from "../../lib/checkpoint/tensors.js";
import type { Encoding } from "../../lib/text/tokenizer.js";

export const fixture = (...parts: string[]): string =>
  path.join(process.cwd(), "test/fixtures", ...parts);

// The caller knows the fixture's type.
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters
export const readJson = <T>(file: string): T => JSON.parse(readFileSync(file, "utf8")) as T;

export type Values = { shape: readonly number[]; values: number[] };

/** Every tensor of a safetensors file as plain numbers. */
export async function readValues(file: string): Promise<Map<string, Values>> {
  const { tensors } = await readSafetensorsHeader(file);
  const read = await readTensors([...tensors.values()]);
  const entries = [...tensors.keys()].map((name, i) => {
    using tensor = read[i]!;
    return [name, { shape: tensor.shape, values: tensor.toNumbers() }] as const;
  });
  return new Map(entries);
}

/** The sequences of an encoder fixture. */
export function encodingsOf(values: Map<string, Values>): Encoding[] {
  const numbers = (name: string) => values.get(name)!.values;
  const borders = numbers("cumulative_lengths");
  return borders.slice(1).map((end, i) => ({
    ids: Int32Array.from(numbers("input_ids").slice(borders[i], end)),
    typeIds: Int32Array.from(numbers("token_type_ids").slice(borders[i], end)),
    truncated: false,
  }));
}

/** The largest difference between two lists of numbers of one length. */
export function largestDifference(actual: readonly number[], expected: readonly number[]): number {
  expect(actual).toHaveLength(expected.length);
  return actual.reduce((most, value, i) => Math.max(most, Math.abs(value - expected[i]!)), 0);
}

/** The same as a share of the largest expected value, or of `floor` where that is larger. */
export function relativeDifference(
  actual: readonly number[],
  expected: readonly number[],
  floor = 0,
): number {
  const scale = expected.reduce((most, value) => Math.max(most, Math.abs(value)), floor);
  return largestDifference(actual, expected) / scale;
}
