import { spawnSync } from "node:child_process";
import path from "node:path";
import { batchIndices } from "../../lib/data/batches.js";
import { Random } from "../../lib/data/random.js";
import { temporaryDirectory } from "../cli/support.js";

const work = path.join(temporaryDirectory(), "bench");

/** The benchmark on the sample and a model of the toy's shape, without peers. */
function bench(...args: string[]) {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [
      "scripts/bench/main.mjs",
      ...args,
      ...["--data", "data/sample/train.csv", "--tokenizer", "models/mini", "--work", work],
      ...["--layers", "1", "--runs", "1", "--json"],
    ],
    { encoding: "utf8", env: { ...process.env, STS_PEERS_PYTHON: "", OMP_NUM_THREADS: "1" } },
  );
  return { stdout, stderr, status };
}

const lastLineOf = ({ stdout }: { stdout: string }) =>
  JSON.parse(stdout.trimEnd().split("\n").at(-1)!) as Record<string, unknown>;

const positive = expect.any(Number) as number;

it("training runs to its end, with every figure that it promises", () => {
  const outcome = bench("train", "--steps", "4", "--warm-up", "1", "--batch-size", "4");
  expect(outcome.stderr).not.toContain("rror");
  const result = lastLineOf(outcome);
  expect(Object.keys(result).slice(0, 7)).toEqual([
    ...["job", "precision", "layers", "ours", "peers", "ratio", "utilisation"],
  ]);
  expect(result).toMatchObject({
    ...{ job: "train", precision: "fp32", layers: 1, ours: positive, peers: {}, ratio: null },
    utilisation: positive,
    figures: { ours: { peakBytes: positive, eventLoopP99: positive } },
  });
  expect(outcome.stdout).toMatch(/^ours +[\d.]+ +1\.00x/m);
});

it("predicting tells the time of one pair", () => {
  const outcome = bench("predict", "--pairs", "16", "--singles", "5");
  expect(lastLineOf(outcome)).toMatchObject({
    ...{ job: "predict", ours: positive, utilisation: positive },
    figures: { ours: { p50: positive, p99: positive, peakBytes: positive } },
  });
});

it("starting is timed from outside, with the memory of the process", () => {
  expect(lastLineOf(bench("startup"))).toMatchObject({
    ...{ job: "startup", ours: positive, utilisation: null },
    figures: { ours: { peakBytes: positive } },
  });
});

it("growth is the time of a token for each number of pairs", () => {
  const outcome = bench("growth", "--sizes", "64,128", "--warm-up", "1");
  expect(lastLineOf(outcome)).toMatchObject({
    ...{ job: "growth", growth: { train: positive, predict: positive } },
    figures: [
      { job: "train", size: 64, microsecondsPerToken: positive },
      { job: "predict", size: 64 },
      { job: "train", size: 128 },
      { job: "predict", size: 128 },
    ],
  });
});

it("a mistake is told in one line", () => {
  expect(bench("trian")).toMatchObject({
    ...{ status: 2, stdout: "" },
    stderr: "error: expected one of train, predict, startup, growth, got trian.\n",
  });
  expect(bench("train", "--peers")).toMatchObject({
    status: 2,
    stderr: expect.stringContaining("STS_PEERS_PYTHON") as string,
  });
});

it("the peers are given the pairs in the order in which a training goes through them", () => {
  const script = `
    import { visitingOrder } from "./scripts/bench/inputs.mjs";
    console.log(JSON.stringify(visitingOrder(50)));`;
  const { stdout } = spawnSync(process.execPath, ["--input-type=module", "-e", script], {
    encoding: "utf8",
  });
  const batches = [...batchIndices(50, 8, { shuffle: new Random(42) })];
  expect(JSON.parse(stdout)).toEqual(batches.flat());
});
