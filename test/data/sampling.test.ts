import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { bucketOf, countBuckets } from "../../lib/data/buckets.js";
import { Random } from "../../lib/data/random.js";
import { samplePairFile } from "../../lib/data/sample-file.js";
import { sampleBuckets, type SampleOptions } from "../../lib/data/sampling.js";
import { temporaryDirectory } from "./files.js";

const range = { min: 0, max: 5 };
const random = new Random(1);
/** Many of 0, none of 4. */
const labels = Array.from(
  { length: 400 },
  () => [0, 0, 0.2, 1, 1.5, 2.5, 3, 5][random.integer(8)]!,
);
const before = countBuckets(labels, range);

/** Of each bucket, how often its rows are taken. */
function timesOf(options: SampleOptions): number[][] {
  const taken = sampleBuckets(labels, options);
  const times: number[][] = before.map(() => []);
  taken.forEach((count, i) => times[bucketOf(labels[i]!, range)]!.push(count));
  return times;
}

const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);

it("buckets have the rows that were asked for, and the others stay as they are", () => {
  const times = timesOf({ buckets: { 0: 20, 5: 200 } });
  expect(times.map(sum)).toEqual([20, ...before.slice(1, 5), 200]);
  expect(new Set([...times[1]!, ...times[2]!, ...times[3]!])).toEqual(new Set([1]));
});

it("no row is drawn twice before all have been, nor three times before all have been twice", () => {
  const n = before[5]!;
  for (const target of [1, n - 1, n, n + 1, 2 * n, 3 * n + 2]) {
    const [least, most] = [Math.floor(target / n), Math.ceil(target / n)];
    const times = timesOf({ buckets: { 5: target } })[5]!;
    expect(sum(times)).toBe(target);
    expect(Math.min(...times)).toBe(least);
    expect(Math.max(...times)).toBe(most);
  }
});

it("the same seed draws the same rows, another one others", () => {
  const draw = (seed: number) => sampleBuckets(labels, { buckets: { 0: 40 }, seed });
  expect(draw(3)).toEqual(draw(3));
  expect(draw(3)).not.toEqual(draw(4));
});

it("what is drawn of a bucket depends neither on the others nor on how many", () => {
  const alone = timesOf({ buckets: { 3: 5 } })[3]!;
  expect(timesOf({ buckets: { 0: 7, 3: 5 }, every: 60 })[3]).toEqual(alone);
  const more = timesOf({ buckets: { 3: 15 } })[3]!;
  expect(alone.every((count, i) => count <= more[i]!)).toBe(true);
});

it("every row of a bucket is as likely as any other", () => {
  const few = [0, 0, 0, 0, 0];
  const counts = few.map(() => 0);
  for (let seed = 0; seed < 2000; seed++) {
    sampleBuckets(few, { buckets: { 0: 2 }, seed }).forEach((count, i) => (counts[i]! += count));
  }
  // 2000 draws of 2 of 5: 800 each, with a standard deviation of 22.
  for (const count of counts) expect(Math.abs(count - 800)).toBeLessThan(90);
});

it.each([
  ["min", Math.min(...before.filter((count) => count > 0))],
  ["max", Math.max(...before)],
  ["mean", Math.round(400 / 5)],
  [33, 33],
] as const)("every: %s gives every bucket that has rows as many", (every, size) => {
  const counts = timesOf({ every }).map(sum);
  expect(counts).toEqual([size, size, size, size, 0, size]);
  expect(timesOf({ every, buckets: { 1: 9 } }).map(sum)[1]).toBe(9);
});

it("buckets are those of the label range", () => {
  const scores = [0, 0.1, 0.5, 1, 1];
  const options = { labelRange: { min: 0, max: 1 }, buckets: { 5: 1, 0: 4 } };
  const taken = sampleBuckets(scores, options);
  expect(sum(taken.slice(0, 2))).toBe(4);
  expect(taken[2]).toBe(1);
  expect(sum(taken.slice(3))).toBe(1);
});

it.each<[SampleOptions, string, RegExp]>([
  [{ buckets: { 4: 10 } }, "INVALID_DATA", /^bucket 4 of the labels has no rows, of which 10 /],
  [{ buckets: { 6: 10 } }, "INVALID_ARGUMENT", /^buckets: expected buckets from 0 to 5, got "6"/],
  [{ buckets: { 0: -1 } }, "INVALID_ARGUMENT", /^buckets\.0: expected a whole number of rows/],
  [{ every: 1.5 }, "INVALID_ARGUMENT", /^every: expected a whole number of rows from 0, got 1\.5/],
  [{ every: "median" as "mean" }, "INVALID_ARGUMENT", /^every: .* min, mean, max, got "median"/],
  [{ every: 0 }, "INVALID_ARGUMENT", /^the targets of all buckets that have rows are 0/],
])("%j is refused", (options, code, message) => {
  expect(() => sampleBuckets(labels, options)).toThrow(
    expect.objectContaining({ code, message: expect.stringMatching(message) as string }) as Error,
  );
});

describe("a file", () => {
  const { file } = temporaryDirectory();

  it("keeps its order, its columns and its ids; copies follow their row at once", async () => {
    const rows = ['a,"1, ""x""",가,나,5', "b,2,다,라,1", "c,3,마,바,5", "d,4,사,아,2"];
    const source = file("in.csv", `id,note,sentence1,sentence2,label\n${rows.join("\n")}\n`);
    const output = `${source}.out.csv`;
    const result = await samplePairFile(source, { output, buckets: { 1: 0, 5: 4 } });
    const written = readFileSync(output, "utf8").trimEnd().split("\n").slice(1);
    expect(written).toEqual([rows[0], rows[0], rows[2], rows[2], rows[3]]);
    expect(result).toMatchObject({ output, rows: { before: 4, after: 5 } });
    expect(result.buckets).toHaveLength(6);
    expect(result.buckets[5]).toEqual({ bucket: 5, before: 2, after: 4 });
  });

  it("that is being written when the signal fires is not there afterwards", async () => {
    const source = file("stop.csv", "sentence1,sentence2,label\n가,나,5\n");
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 50);
    const options = { output: `${source}.out.csv`, every: 1e9, signal: controller.signal };
    await expect(samplePairFile(source, options)).rejects.toMatchObject({ code: "ABORTED" });
    expect(readdirSync(path.dirname(source)).filter((name) => name.includes("out"))).toEqual([]);
  });
});

const korsts = path.join(process.cwd(), "..", "shared", "data", "korsts", "sts-train.tsv");
const present = existsSync(korsts);
if (!present) console.warn(`Skipped: KorSTS is not at ${korsts}.`);

(present ? it : it.skip)("KorSTS is balanced by buckets that are numpy's rint", async () => {
  const { buckets, rows } = await samplePairFile(korsts, { every: "mean" });
  expect(buckets.map((bucket) => bucket.before)).toEqual([615, 810, 939, 1322, 1461, 602]);
  expect(new Set(buckets.map((bucket) => bucket.after))).toEqual(new Set([958]));
  expect(rows).toEqual({ before: 5749, after: 6 * 958 });
});
