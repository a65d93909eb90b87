import { Random } from "../../lib/data/random.js";

const words = (random: Random, count: number) =>
  Array.from({ length: count }, () => random.integer(2 ** 32));

test("the numbers are those of the published xoshiro128**", () => {
  const random = new Random(0);
  random.restore([1, 2, 3, 4]);
  // From the authors' C code, started from the same state.
  expect(words(random, 4)).toEqual([11520, 0, 5927040, 70819200]);
});

test.each([
  [0, [2065550767, 3793791033, 2713282036, 1853398634], [3737715805, 2584255861, 2876756834]],
  [42, [803958421, 3184996902, 2993090819, 686809907], [1776835114, 4165204688, 17111135]],
  [-1, [459615264, 3839455607, 3690365641, 3919575143], [477689756, 2493998634, 555695776]],
])("the seed %d gives the same numbers on every machine", (seed, state, first) => {
  const random = new Random(seed);
  expect(random.state()).toEqual(state);
  expect(words(random, 3)).toEqual(first);
});

test("a generator that is restored goes on exactly where the other one stood", () => {
  const random = new Random(7);
  random.shuffle([...Array(100).keys()]);
  const state = JSON.parse(JSON.stringify(random.state())) as number[];
  const other = new Random(8);
  other.restore(state);
  expect(words(other, 50)).toEqual(words(random, 50));
  expect(other.next()).toBe(random.next());
});

test("a state that was read is not changed by going on", () => {
  const random = new Random(7);
  const state = random.state();
  random.next();
  expect(state).toEqual(new Random(7).state());
});

test.each([[[]], [[1, 2, 3]], [[0, 0, 0, 0]], [[1, 2, 3, 4.5]], [[1, 2, 3, -1]], [[1, 2, 3, NaN]]])(
  "the state %j is refused",
  (state) => {
    const restore = () => new Random(0).restore(state);
    expect(restore).toThrow(expect.objectContaining({ code: "INVALID_ARGUMENT" }) as Error);
  },
);

test.each([0.5, NaN, Infinity, 2 ** 53])("the seed %d is refused", (seed) => {
  expect(() => new Random(seed)).toThrow("seed: expected an integer");
});

test("next() lies in [0, 1), evenly", () => {
  const random = new Random(1);
  const tenths = Array<number>(10).fill(0);
  for (let i = 0; i < 100_000; i++) {
    tenths[Math.floor(random.next() * 10)]!++;
  }
  // What lies outside makes further elements.
  expect(Object.keys(tenths)).toHaveLength(10);
  // Four standard deviations of a count of 10,000.
  for (const count of tenths) expect(Math.abs(count - 10_000)).toBeLessThan(380);
});

test("integer(n) prefers no number, also where n does not divide 2^32", () => {
  const random = new Random(2);
  const n = 3 * 2 ** 30;
  let low = 0;
  // Taking the remainder alone would make the lowest third twice as likely as another one.
  for (let i = 0; i < 30_000; i++) if (random.integer(n) < 2 ** 30) low++;
  expect(Math.abs(low - 10_000)).toBeLessThan(330);
  expect(random.integer(1)).toBe(0);
});

test.each([0, -1, 1.5, NaN, 2 ** 32 + 1])("integer(%d) is refused", (n) => {
  expect(() => new Random(0).integer(n)).toThrow("n: expected an integer from 1 to 2^32");
});

test("shuffle() makes every order of three equally likely, in place", () => {
  const random = new Random(3);
  const counts = new Map<string, number>();
  for (let i = 0; i < 60_000; i++) {
    const items = ["a", "b", "c"];
    random.shuffle(items);
    const order = items.join("");
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  expect(counts.size).toBe(6);
  for (const count of counts.values()) expect(Math.abs(count - 10_000)).toBeLessThan(380);
});
