import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { Random } from "../../lib/data/random.js";
import { simulate } from "../ensemble/support.js";
import { expectMistake, lastLine, stsNative, temporaryDirectory } from "./support.js";

const directory = temporaryDirectory();
const run = (...args: string[]) => stsNative(["vote", ...args], { cwd: directory });
const write = (file: string, contents: string) =>
  writeFileSync(path.join(directory, file), contents);
const read = (file: string) => readFileSync(path.join(directory, file), "utf8");
const predictions = (scores: readonly number[], order = [...scores.keys()]) =>
  `id,target\n${order.map((i) => `p-${i},${scores[i]!}\n`).join("")}`;

const { members, labels } = simulate(new Random(1), 400, [1, 1.3, 4]);
const files = ["a.csv", "b.csv", "c.csv"];
const onDev = ["--fit", "dev.csv", "--dev", "a-dev.csv,b-dev.csv", "--dev", "c-dev.csv"];

beforeAll(() => {
  write("a.csv", predictions([1, 2, 3]));
  write("b.csv", predictions([2, 5, 3], [2, 0, 1]));
  write("c.csv", predictions([3, 2, 0]));
  const clamp = (scores: number[]) => scores.map((score) => Math.min(5, Math.max(0, score)));
  files.forEach((file, i) => {
    write(file.replace(".csv", "-dev.csv"), predictions(clamp(members[i]!)));
  });
  const rows = labels.map((label, i) => `p-${i},가,나,${label}\n`);
  write("dev.csv", `id,sentence1,sentence2,label\n${rows.reverse().join("")}`);
});

it("votes are in the order of the first file, whatever the order of the others", async () => {
  const outcome = await run("--output", "mean.csv", ...files);
  expect(outcome).toMatchObject({ code: 0, stderr: "" });
  expect(outcome.stdout).toBe("3 predictions written to mean.csv (mean)\n");
  expect(read("mean.csv")).toBe("id,target\np-0,2\np-1,3\np-2,2\n");
});

it("with --json the last line of stdout says what was done", async () => {
  const args = ["--weights", "2,1,1", "--output", "w.csv", "--json"];
  const outcome = await run(...args, ...files);
  expect(outcome.stdout.trimEnd().split("\n")).toHaveLength(1);
  expect(lastLine(outcome)).toEqual({
    ...{ n: 3, method: "weighted", files, weights: [0.5, 0.25, 0.25], output: "w.csv", fit: null },
  });
  expect(read("w.csv")).toBe("id,target\np-0,1.75\np-1,2.75\np-2,2.25\n");
});

it("targets off the label scale are warned of", async () => {
  const outcome = await run("--label-range", "0,1", "--output", "x.csv", "a.csv", "b.csv");
  expect(outcome.code).toBe(0);
  expect(outcome.stderr).toMatch(/^warning: a\.csv: 2 of 3 targets outside 0 to 1; --label-range /);
  expect(read("x.csv")).toBe("id,target\np-0,1\np-1,1\np-2,1\n");
});

describe("--fit", () => {
  it("shows every Pearson, the weights, the gains with their intervals, and votes", async () => {
    const outcome = await run(...onDev, "--output", "fitted.csv", ...files, "--json");
    expect(outcome.code).toBe(0);
    expect(outcome.stderr).toMatch(/^ +Pearson +weight\na-dev\.csv +0\.\d{4} +0\.\d{4}\n/);
    expect(outcome.stderr).toMatch(
      /^gain over the mean: \+0\.\d{4}, 95 % interval \+0\.\d{4} to \+0\.\d{4}$/m,
    );
    expect(outcome.stderr).toContain("Both gains are more than noise.");
    const result = lastLine(outcome) as Record<string, unknown>;
    const fit = result.fit as { members: { file: string; pearson: number; weight: number }[] };
    const weights = fit.members.map(({ weight }) => weight);
    expect(result).toMatchObject({
      ...{ n: 3, method: "weighted", weights, output: "fitted.csv" },
      fit: { n: 400, best: "a-dev.csv", use: "combination", gainOverMean: { verdict: "better" } },
    });
    expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12);
    const [, first] = read("fitted.csv").split("\n");
    const expected = weights[0]! + 2 * weights[1]! + 3 * weights[2]!;
    expect(Number(first!.split(",")[1])).toBeCloseTo(expected, 10);
  });

  it("without files to vote on it only shows, and writes nothing", async () => {
    const outcome = await run(...onDev, "--json");
    expect(outcome.code).toBe(0);
    expect(Object.keys(lastLine(outcome) as object)).toEqual(["fit"]);
  });

  it("of members that are equally good it says that the mean does as well", async () => {
    const equal = simulate(new Random(3), 200, [1, 1]);
    equal.members.forEach((scores, i) => write(`equal-${i}.csv`, predictions(scores)));
    const rows = equal.labels.map((label, i) => `p-${i},가,나,${label}\n`);
    write("equal.csv", `id,sentence1,sentence2,label\n${rows.join("")}`);
    const { stdout } = await run("--fit", "equal.csv", "--dev", "equal-0.csv,equal-1.csv");
    expect(stdout).toMatch(/use the mean\.\n$/);
  });
});

it("ids that repeat are matched by their order when asked to", async () => {
  write("r1.csv", "id,target\n7,1\n7,3\n");
  write("r2.csv", "id,target\n7,2\n7,5\n");
  expectMistake(
    await run("--output", "r.csv", "r1.csv", "r2.csv"),
    /r1\.csv:3: the id "7" is on line 2 already, .*--match order/,
  );
  const outcome = await run("--match", "order", "--output", "r.csv", "r1.csv", "r2.csv");
  expect(outcome.code).toBe(0);
  expect(read("r.csv")).toBe("id,target\n7,1.5\n7,4\n");
});

it.each<[string[], RegExp]>([
  [["--output", "o.csv"], /the files to vote on: expected at least two prediction files, got 0/],
  [["--output", "o.csv", "a.csv"], /expected at least two prediction files, got 1/],
  [["--output", "o.csv", "a.csv", "./a.csv"], /the files to vote on: \.\/a\.csv is given twice/],
  [["a.csv", "b.csv"], /missing: --output/],
  [["--output", "a.csv", "a.csv", "b.csv"], /--output: a\.csv is one of the files that are read/],
  [["--output", "dev.csv", ...onDev, ...files], /--output: dev\.csv is one of the files/],
  [["--method", "best", "--output", "o.csv", "a.csv", "b.csv"], /--method: expected one of mean, /],
  [["--method", "weighted", "--output", "o.csv", "a.csv", "b.csv"], /needs --weights, or --fit/],
  [
    ["--method", "rank", "--weights", "1,2", "--output", "o.csv", "a.csv", "b.csv"],
    /--weights go with --method weighted, not with --method rank/,
  ],
  ...["1", "1,2,3", "1,x", "1,-1", "0,0", "1,"].map((weights): [string[], RegExp] => [
    [`--weights=${weights}`, "--output", "o.csv", "a.csv", "b.csv"],
    /--weights: expected 2 numbers from 0, one for each file and not all 0, got "/,
  ]),
  [["--seed", "1", "--output", "o.csv", "a.csv", "b.csv"], /--seed goes with --fit/],
  [["--fit", "dev.csv"], /--dev: expected at least two prediction files, got 0/],
  [[...onDev, "--method", "rank"], /--fit finds the weights of a weighted mean/],
  [[...onDev, "a.csv", "b.csv", "c.csv"], /missing: --output/],
  [
    [...onDev, "--output", "o.csv", "a.csv", "b.csv"],
    /--dev: expected 2 files, one for each of a\.csv, b\.csv in this order, got 3/,
  ],
  [["--output", "o.csv", "a.csv", "a-dev.csv"], /not of the same pairs: it has too many: "p-3"/],
  [["--output", "o.csv", "a.csv", "none.csv"], /none\.csv: no such file/],
])("%j is one clear mistake", async (args, message) => {
  expectMistake(await run(...args), message);
});

it("--help has its flags and an example", async () => {
  const { stdout, code } = await run("--help");
  expect(code).toBe(0);
  expect(stdout).toMatch(/^sts-native vote .*\[flags\] a/);
  expect(stdout).toMatch(/--method +\S/);
  expect(stdout).toMatch(/Examples:\n {2}sts-native vote --/);
});
