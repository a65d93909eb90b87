import { spawnSync } from "node:child_process";
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { CrossEncoder } from "../../lib/models/cross-encoder.js";
import { CrossValidation } from "../../lib/training/cross-validation/cross-validation.js";
import { tinyPairs, writeTinyData, writeTinyModel } from "../support/tiny-model.js";
import { expectMistake, lastLine, stsNative, temporaryDirectory } from "./support.js";

const directory = temporaryDirectory();
const inDirectory = (...parts: string[]) => path.join(directory, ...parts);
const run = (...args: string[]) => stsNative(args, { cwd: directory });
const onData = (data: string) => ["--model", "model", "--data", data];
const rowsOf = (file: string) => readFileSync(inDirectory(file), "utf8").trimEnd().split("\n");

beforeAll(async () => {
  await writeTinyModel(inDirectory("model"));
  await writeTinyData(inDirectory("pairs.csv"), 30);
});

describe("evaluate", () => {
  it("prints a table, and with --json the metrics alone", async () => {
    const table = await run("evaluate", ...onData("pairs.csv"));
    expect(table).toMatchObject({ code: 0, stderr: "" });
    expect(table.stdout).toMatch(/^pairs +30\nPearson +\S+\nSpearman +\S+\nMSE +\S+\nMAE +\S+\n$/);
    const outcome = await run("evaluate", ...onData("pairs.csv"), "--json");
    const metrics = lastLine(outcome) as Record<string, number>;
    expect(Object.keys(metrics)).toEqual(["n", "pearson", "spearman", "mse", "mae"]);
    expect(metrics.n).toBe(30);
    expect(table.stdout).toContain(`Pearson   ${metrics.pearson!.toFixed(4)}`);
  });

  it("takes the label range of the model", async () => {
    await writeTinyModel(inDirectory("narrow"));
    const own = { kind: "cross-encoder", labelRange: { min: 0, max: 1 }, maxLength: 32 };
    writeFileSync(inDirectory("narrow/sts_config.json"), JSON.stringify(own));
    const args = ["--model", "narrow", "--data", "pairs.csv"];
    expectMistake(await run("evaluate", ...args), /out of range: expected 0 to 1/);
    expect((await run("evaluate", ...args, "--label-range", "0,5")).code).toBe(0);
  });

  it("labels that are all alike give null and a named warning", async () => {
    writeFileSync(inDirectory("alike.csv"), "sentence1,sentence2,label\n가,나,3\n다,라,3\n");
    const outcome = await run("evaluate", ...onData("alike.csv"), "--json");
    expect(lastLine(outcome)).toMatchObject({ n: 2, pearson: null, spearman: null });
    expect(outcome.stderr).toContain("warning: ConstantInput: every label is 3");
  });

  it("says how many pairs were cut to --max-length", async () => {
    const { stderr } = await run("evaluate", ...onData("pairs.csv"), "--max-length", "5");
    expect(stderr).toMatch(/^\d+ pairs cut to 5 tokens\n$/);
  });

  it("a reader of stdout that goes away is no error", () => {
    const args = ["evaluate", ...onData("pairs.csv")];
    const shell = `"$0" "$1" ${args.join(" ")} | head -c 0; echo "\${PIPESTATUS[0]}"`;
    const { stdout, stderr } = spawnSync(
      "bash",
      ["-c", shell, process.execPath, path.resolve("bin/sts-native.mjs")],
      { cwd: directory, encoding: "utf8", env: { ...process.env, OMP_NUM_THREADS: "1" } },
    );
    expect({ stdout, stderr }).toEqual({ stdout: "0\n", stderr: "" });
  });
});

describe("predict", () => {
  it("writes one row for each pair, in order, with the library's scores", async () => {
    const outcome = await run("predict", ...onData("pairs.csv"), "--output", "p.csv", "--json");
    expect(lastLine(outcome)).toEqual({ n: 30, skipped: 0, truncated: 0, output: "p.csv" });
    const [header, ...rows] = rowsOf("p.csv");
    expect(header).toBe("id,target");
    expect(rows.map((row) => row.split(",")[0])).toEqual(rows.map((_, i) => `row-${i}`));
    using model = await CrossEncoder.load(inDirectory("model"));
    const scores = await model.predict(tinyPairs(30).map(({ pair }) => pair));
    const targets = rows.map((row) => Number(row.split(",")[1]));
    targets.forEach((target, i) => expect(target).toBeCloseTo(scores[i]!, 5));
  });

  it("keeps the order and the count over many chunks", async () => {
    await writeTinyData(inDirectory("many.csv"), 5000);
    expect((await run("predict", ...onData("many.csv"), "--output", "many-p.csv")).code).toBe(0);
    const ids = rowsOf("many-p.csv").slice(1).map((row) => row.split(",")[0]); // prettier-ignore
    expect(ids).toEqual(Array.from({ length: 5000 }, (_, i) => `row-${i}`));
  });

  it("takes files without labels, and does not look at labels", async () => {
    writeFileSync(
      inDirectory("free.csv"),
      "id,sentence1,sentence2,label\na,가,나,unknown\nb,다,라,99\n",
    );
    writeFileSync(inDirectory("none.csv"), "id,sentence1,sentence2\na,가,나\n");
    expect((await run("predict", ...onData("free.csv"), "--output", "free-p.csv")).code).toBe(0);
    expect(rowsOf("free-p.csv")).toHaveLength(3);
    expect((await run("predict", ...onData("none.csv"), "--output", "none-p.csv")).code).toBe(0);
    expect(rowsOf("none-p.csv")).toHaveLength(2);
  });

  it("writes nothing when a row is bad, and leaves the old file", async () => {
    writeFileSync(inDirectory("bad.csv"), "id,sentence1,sentence2\na,가,나\nb,,라\n");
    writeFileSync(inDirectory("old.csv"), "old");
    const before = readdirSync(directory);
    expectMistake(
      await run("predict", ...onData("bad.csv"), "--output", "old.csv"),
      /bad\.csv:3: /,
    );
    expect(readFileSync(inDirectory("old.csv"), "utf8")).toBe("old");
    expect(readdirSync(directory)).toEqual(before);
  });

  it("skips bad rows when asked to, counts and lists them", async () => {
    const args = ["--output", "s.csv", "--on-bad-row", "skip", "--json"];
    const outcome = await run("predict", ...onData("bad.csv"), ...args);
    expect(lastLine(outcome)).toEqual({ n: 1, skipped: 1, truncated: 0, output: "s.csv" });
    expect(outcome.stderr).toMatch(/warning: bad\.csv: 1 row left out:\n {2}bad\.csv:3: /);
    expect(rowsOf("s.csv")).toHaveLength(2);
  });

  it("does not write over the data", async () => {
    const before = readFileSync(inDirectory("pairs.csv"), "utf8");
    expectMistake(
      await run("predict", ...onData("pairs.csv"), "--output", "./model/../pairs.csv"),
      /--output: .*pairs\.csv is one of the files that are read/,
    );
    expect(readFileSync(inDirectory("pairs.csv"), "utf8")).toBe(before);
  });

  it("an output that cannot be written ends with 1 and one message", async () => {
    const args = [...onData("pairs.csv"), "--output", "no/such/p.csv"];
    const { code, stderr } = await run("predict", ...args);
    expect(code).toBe(1);
    expect(stderr).toBe("error: no/such/p.csv: its directory does not exist; create it first.\n");
  });
});

describe("predict with several models", () => {
  const predict = (output: string, ...args: string[]) =>
    run("predict", "--data", "pairs.csv", "--output", output, ...args);
  const targets = (file: string) => rowsOf(file).slice(1).map((row) => Number(row.split(",")[1])); // prettier-ignore
  const training = { epochs: 1, batchSize: 8, lr: 1e-3 };
  const expectMeanOf = (file: string, ...members: string[]) => {
    const scores = members.map(targets);
    targets(file).forEach((target, i) => {
      const mean = scores.reduce((sum, member) => sum + member[i]!, 0) / members.length;
      expect(target).toBeCloseTo(mean, 5);
    });
  };

  beforeAll(async () => {
    const [train, model] = [inDirectory("pairs.csv"), inDirectory("model")];
    const output = inDirectory("cv");
    await new CrossValidation({ ...training, model, train, output, folds: 2 }).run();
    for (const fold of ["1", "2"]) {
      await predict(`fold-${fold}.csv`, "--model", `cv/fold-${fold}/best`, "--clamp", "false");
    }
  });

  it("writes the mean of their scores", async () => {
    const models = ["--model", "cv/fold-1/best", "--model", "cv/fold-2/best"];
    const outcome = await predict("mean.csv", ...models, "--clamp", "false");
    expect(outcome.stderr).toBe("the mean of cv/fold-1/best, cv/fold-2/best\n");
    expectMeanOf("mean.csv", "fold-1.csv", "fold-2.csv");
  });

  it("takes a cross-validation for its folds, and a run for the weights that count", async () => {
    expect((await predict("cv.csv", "--model", "cv", "--clamp", "false")).code).toBe(0);
    expectMeanOf("cv.csv", "fold-1.csv", "fold-2.csv");
    expect((await predict("run.csv", "--model", "cv/fold-1", "--clamp", "false")).code).toBe(0);
    expect(targets("run.csv")).toEqual(targets("fold-1.csv"));
    const outcome = await run("evaluate", "--model", "cv", "--data", "pairs.csv", "--json");
    expect(lastLine(outcome)).toMatchObject({ n: 30 });
  });

  it("a fold that has not ended is an error that says how to go on", async () => {
    cpSync(inDirectory("cv"), inDirectory("unfinished"), { recursive: true });
    rmSync(inDirectory("unfinished/fold-2/summary.json"));
    expectMistake(
      await predict("no.csv", "--model", "unfinished"),
      /unfinished\/fold-2: its training has not ended; go on with it by sts-native crossval --resume unfinished,/,
    );
  });

  it("a summary that is broken off is a mistake that names the file", async () => {
    cpSync(inDirectory("cv/fold-1"), inDirectory("torn"), { recursive: true });
    writeFileSync(inDirectory("torn/summary.json"), '{"best":');
    expectMistake(
      await predict("no.csv", "--model", "torn"),
      /torn\/summary\.json: is not the summary of a run: it is not JSON\. Restore the file/,
    );
  });

  it("moves the scores of models with other scales onto the one that is asked for", async () => {
    const own = { kind: "cross-encoder", labelRange: { min: 0, max: 1 }, maxLength: 32 };
    await writeTinyModel(inDirectory("unit"));
    writeFileSync(inDirectory("unit/sts_config.json"), JSON.stringify(own));
    const models = ["--model", "model", "--model", "unit", "--clamp", "false"];
    expectMistake(await predict("mixed.csv", ...models), /expected one label range/);
    await predict("one.csv", "--model", "model", "--clamp", "false");
    expect((await predict("mixed.csv", ...models, "--label-range", "0,5")).code).toBe(0);
    const expected = targets("one.csv").map((score) => (score + score * 5) / 2);
    targets("mixed.csv").forEach((target, i) => expect(target).toBeCloseTo(expected[i]!, 4));
  });
});

describe("the scores of predict", () => {
  it("are clamped unless it is told not to, and rounded when it is told to", async () => {
    const range = ["--label-range", "0.1,0.2"];
    const predict = async (file: string, ...args: string[]) => {
      await run("predict", ...onData("pairs.csv"), "--output", file, ...range, ...args);
      return rowsOf(file).slice(1).map((row) => row.split(",")[1]!); // prettier-ignore
    };
    const raw = (await predict("raw.csv", "--clamp", "false")).map(Number);
    expect(raw.some((score) => score < 0.1 || score > 0.2)).toBe(true);
    const clamped = (await predict("clamped.csv")).map(Number);
    expect(clamped).toEqual(raw.map((score) => Math.min(Math.max(score, 0.1), 0.2)));
    const rounded = await predict("rounded.csv", "--clamp", "false", "--round", "1");
    expect(rounded).toEqual(raw.map((score) => `${Number(score.toFixed(1)) || 0}`));
    expectMistake(
      await run("predict", ...onData("pairs.csv"), "--output", "x.csv", "--round", "-1"),
      /--round: .*"-1"/,
    );
  });
});

describe("similarity", () => {
  it("scores two Korean sentences as the library does", async () => {
    const sentences = ["가 나 다", "가 나 라"] as const;
    const plain = await run("similarity", "--model", "model", ...sentences);
    const json = await run("similarity", "--json", "--model=model", "--", ...sentences);
    using model = await CrossEncoder.load(inDirectory("model"));
    const [score] = await model.predict([sentences]);
    expect((lastLine(json) as { score: number }).score).toBeCloseTo(score!, 5);
    expect(plain).toMatchObject({ code: 0, stdout: `${score!.toFixed(4)}\n`, stderr: "" });
  });

  it("warns of a sentence of which the model's cleaning would leave nothing", async () => {
    await writeTinyModel(inDirectory("cleaning"));
    const scale = { labelRange: { min: 0, max: 5 }, maxLength: 32 };
    const cleaning = { keep: ["letters"], trim: true };
    const own = { kind: "cross-encoder", ...scale, cleaning };
    writeFileSync(inDirectory("cleaning/sts_config.json"), JSON.stringify(own));
    const { code, stderr } = await run("similarity", "--model", "cleaning", "^^", "가");
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: 'warning: cleaning would leave nothing of "^^", which stays as it is\n',
    });
  });

  it("warns that the scores of an untrained head mean nothing", async () => {
    await writeTinyModel(inDirectory("no-head"));
    dropHead(inDirectory("no-head/model.safetensors"));
    const { code, stderr } = await run("similarity", "--model", "no-head", "가", "나");
    expect(code).toBe(0);
    expect(stderr).toMatch(
      /^warning: no-head has no trained head \(classifier\..*\): its scores mean nothing/,
    );
  });
});

/** Renames the head's tensors, so that the checkpoint lacks it. */
function dropHead(file: string): void {
  const contents = readFileSync(file);
  const renamed = contents.toString("latin1").replaceAll('"classifier.', '"classifie_.');
  writeFileSync(file, renamed, "latin1");
}

describe("quantize", () => {
  it("writes a model that predicts in int8 without being told", async () => {
    const outcome = await run("quantize", "--model", "model", "--output", "bytes", "--json");
    expect(lastLine(outcome)).toEqual({ model: "model", output: "bytes" });
    const precise = ["--model", "model", "--precision", "int8"];
    const scores = [precise, ["--model", "bytes"]].map(async (args, i) => {
      const file = `quantised-${i}.csv`;
      await run("predict", ...args, "--data", "pairs.csv", "--output", file);
      return rowsOf(file).slice(1).map((row) => Number(row.split(",")[1])); // prettier-ignore
    });
    const [expected, found] = await Promise.all(scores);
    found!.forEach((score, i) => expect(score).toBeCloseTo(expected![i]!, 5));
  });

  it("does not write into a directory that holds something", async () => {
    const before = readdirSync(inDirectory("model"));
    expectMistake(
      await run("quantize", "--model", "model", "--output", "model"),
      /model is not empty/,
    );
    expect(readdirSync(inDirectory("model"))).toEqual(before);
  });
});
