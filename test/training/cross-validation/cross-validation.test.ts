import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parse, stringify } from "yaml";
import { loadPredictions } from "../../../lib/data/read-predictions.js";
import { loadPairs } from "../../../lib/data/read-pairs.js";
import { toPair } from "../../../lib/evaluation/evaluate.js";
import { similarityMetrics } from "../../../lib/evaluation/metrics.js";
import { CrossEncoder } from "../../../lib/models/cross-encoder.js";
import { loadModel } from "../../../lib/models/load-model.js";
import { memory } from "../../../lib/tensor/memory.js";
import type { TrainOptions } from "../../../lib/training/config.js";
import type { CrossValidationOptions } from "../../../lib/training/cross-validation/config.js";
import { CrossValidation } from "../../../lib/training/cross-validation/cross-validation.js";
import type { CrossValidationStart } from "../../../lib/training/cross-validation/events.js";
import type { CrossValidationSummary } from "../../../lib/training/cross-validation/summary.js";
import { Trainer } from "../../../lib/training/trainer.js";
import { readJson } from "../../support/fixtures.js";
import { resultOf, weightsIn, Workspace } from "../support.js";

const space = new Workspace();

/** Settings of three folds of 40 pairs, of 8 steps each, with dropout. */
function options(change: Partial<CrossValidationOptions> = {}): CrossValidationOptions {
  const { train, output, epochs, batchSize, lr } = space.options() as Required<TrainOptions>;
  const model = space.file("dropout");
  const settings = { model, train, output, epochs, batchSize, lr };
  return { ...settings, folds: 3, stratified: true, ...change };
}

const run = (change?: Partial<CrossValidationOptions>) =>
  new CrossValidation(options(change)).run();
const resume = async (...args: Parameters<typeof CrossValidation.resume>) =>
  (await CrossValidation.resume(...args)).run();

const targetsIn = async (directory: string, name = "predictions-oof.csv") =>
  (await loadPredictions(path.join(directory, name))).map(({ target }) => target);

/** All that folds leave and what comes of them together, but for where it lies. */
const allOf = (output: string, folds = [1, 2, 3]) => ({
  folds: folds.map((fold) => resultOf(path.join(output, `fold-${fold}`))),
  files: ["folds.csv", "predictions-oof.csv", "predictions-test.csv"].map((name) =>
    readFileSync(path.join(output, name), "utf8"),
  ),
  summary: JSON.parse(
    readFileSync(path.join(output, "summary.json"), "utf8").replaceAll(output, ""),
  ) as unknown,
});

let undisturbed: CrossValidationSummary;
beforeAll(async () => {
  const before = memory();
  undisturbed = await run({ test: space.file("dev.csv") });
  expect(memory()).toEqual(before);
});

it("every pair is predicted by the model that was not trained on it, also where ids repeat", async () => {
  const file = space.file("same-ids.csv");
  const text = readFileSync(space.file("train.csv"), "utf8");
  writeFileSync(file, text.replace(/^row-\d+/gm, '"the, same"'));
  const summary = await run({ train: file, seed: 1 });
  const { pairs } = await loadPairs(file, { labels: "required" });
  const written = await loadPredictions(path.join(summary.output, "predictions-oof.csv"));
  expect(new Set(written.map(({ id }) => id))).toEqual(new Set(["the, same"]));
  const folds = readFileSync(path.join(summary.output, "folds.csv"), "utf8").trim().split("\n");
  const foldOf = folds.slice(1).map((line) => Number(/\d+$/.exec(line)![0]));
  expect(foldOf).toHaveLength(40);
  for (const fold of [1, 2, 3]) {
    using model = await loadModel(path.join(summary.output, `fold-${fold}`, "best"));
    const expected = await model.predict(pairs.map(toPair), { batchSize: 8 });
    for (const [i, { target }] of written.entries()) {
      // Another batch may change the last digits.
      if (foldOf[i] === fold) expect(target).toBeCloseTo(expected[i]!, 5);
    }
  }
});

it("the figures are those of the predictions that are written", async () => {
  const { output } = undisturbed;
  const { pairs } = await loadPairs(space.file("train.csv"), { labels: "required" });
  const labels = pairs.map(({ label }) => label!);
  expect(similarityMetrics(await targetsIn(output), labels)).toEqual({
    ...undisturbed.outOfFold,
    warnings: [],
  });
  expect(undisturbed.folds.map(({ n }) => n)).toEqual([14, 13, 13]);
  const pearsons = undisturbed.folds.map(({ pearson }) => pearson!);
  const mean = (pearsons[0]! + pearsons[1]! + pearsons[2]!) / 3;
  const sd = Math.sqrt(pearsons.reduce((sum, each) => sum + (each - mean) ** 2, 0) / 2);
  expect(undisturbed.spread!.pearson.mean).toBeCloseTo(mean, 12);
  expect(undisturbed.spread!.pearson.sd).toBeCloseTo(sd, 12);
  expect(readJson(path.join(output, "summary.json"))).toEqual(undisturbed);
});

it("predictions of test are the mean over the folds, and measured", async () => {
  const { output } = undisturbed;
  const folds = await Promise.all(
    [1, 2, 3].map((fold) => targetsIn(path.join(output, `fold-${fold}`), "predictions-test.csv")),
  );
  const means = await targetsIn(output, "predictions-test.csv");
  expect(means).toHaveLength(25);
  means.forEach((mean, i) => {
    expect(mean).toBeCloseTo((folds[0]![i]! + folds[1]![i]! + folds[2]![i]!) / 3, 12);
  });
  const { pairs } = await loadPairs(space.file("dev.csv"), { labels: "required" });
  const labels = pairs.map(({ label }) => label!);
  expect(similarityMetrics(means, labels)).toEqual({ ...undisturbed.test, warnings: [] });
});

it("a test file without labels is predicted and not measured", async () => {
  const file = space.file("unlabelled.csv");
  writeFileSync(file, readFileSync(space.file("dev.csv"), "utf8").replace(/,[^,]*$/gm, ""));
  const summary = await run({ test: file, epochs: 1 });
  expect(summary.test).toBeNull();
  expect(await targetsIn(summary.output, "predictions-test.csv")).toHaveLength(25);
});

it("every fold starts from the same model, with a seed of its own and one division", () => {
  const configs = [1, 2, 3].map(
    (fold) =>
      parse(readFileSync(path.join(undisturbed.output, `fold-${fold}`, "config.yaml"), "utf8")) as {
        model: string;
        seed: number;
        heldOutFold: { seed: number };
      },
  );
  expect(configs.map(({ seed }) => seed)).toEqual([42, 43, 44]);
  expect(configs.map(({ heldOutFold }) => heldOutFold.seed)).toEqual([42, 42, 42]);
  expect(new Set(configs.map(({ model }) => model)).size).toBe(1);
});

it("a fold by itself comes to what it comes to among others: nothing is carried over", async () => {
  const { output } = await run({ test: space.file("dev.csv"), fold: 3 });
  expect(existsSync(path.join(output, "fold-1"))).toBe(false);
  expect(resultOf(path.join(output, "fold-3"))).toEqual(
    resultOf(path.join(undisturbed.output, "fold-3")),
  );
});

describe("stopped and gone on with, it comes to the same to the bit", () => {
  const stoppedAt = async (fold: number, step: number) => {
    const abort = new AbortController();
    let current = 0;
    const settings = {
      signal: abort.signal,
      callbacks: { onFoldStart: (event: { fold: number }) => void (current = event.fold) },
      trainer: {
        onStep: (event: { step: number }) => {
          if (current === fold && event.step === step) abort.abort();
        },
      },
    };
    const given = options({ test: space.file("dev.csv") });
    await expect(new CrossValidation(given, settings).run()).rejects.toMatchObject({
      code: "ABORTED",
    });
    return given.output;
  };

  it.each([
    [1, 2],
    [2, 5],
    [3, 8],
  ])("in fold %i after step %i", async (fold, step) => {
    const output = await stoppedAt(fold, step);
    expect(existsSync(path.join(output, "summary.json"))).toBe(false);
    const begun: [number, boolean][] = [];
    const onFoldStart = (event: { fold: number; resumed: boolean }) =>
      void begun.push([event.fold, event.resumed]);
    await resume(output, { callbacks: { onFoldStart } });
    expect(begun).toEqual([1, 2, 3].slice(fold - 1).map((each) => [each, each === fold]));
    expect(allOf(output)).toEqual(allOf(undisturbed.output));
  });

  it("with the fold in the middle gone on with by the Trainer itself", async () => {
    const output = await stoppedAt(2, 3);
    await (await Trainer.resume(path.join(output, "fold-2"))).train();
    await resume(output);
    expect(allOf(output)).toEqual(allOf(undisturbed.output));
  });

  it("killed when a fold's directory had just been made", async () => {
    const output = await stoppedAt(2, 3);
    rmSync(path.join(output, "fold-2"), { recursive: true });
    mkdirSync(path.join(output, "fold-2"));
    writeFileSync(path.join(output, "fold-2", "config.yaml"), "");
    await resume(output);
    expect(allOf(output)).toEqual(allOf(undisturbed.output));
  });
});

it("folds trained in several places are brought together by copying them", async () => {
  const test = space.file("dev.csv");
  const [one, two] = [await run({ test, fold: 2 }), await run({ test, fold: [3, 1] })];
  expect(one).toMatchObject({ missing: [1, 3], outOfFold: null, folds: [{ fold: 2 }] });
  expect(two).toMatchObject({ missing: [2], spread: null });
  for (const fold of ["fold-1", "fold-3"]) {
    cpSync(path.join(two.output, fold), path.join(one.output, fold), { recursive: true });
  }
  const summary = await resume(one.output);
  expect(summary.missing).toEqual([]);
  expect(allOf(one.output)).toEqual(allOf(undisturbed.output));
});

it("other folds than the first time can be chosen when it is gone on with", async () => {
  const { output } = await run({ fold: 1, epochs: 1 });
  expect(await resume(output)).toMatchObject({ missing: [2, 3] });
  expect(await resume(output, { fold: 3 })).toMatchObject({ missing: [2] });
  await expect(resume(output, { fold: 4 })).rejects.toThrow("there is no fold 4 of 3");
});

it("one that has ended gives its summary again, wherever it lies, without model and data", async () => {
  const output = space.file("moved");
  cpSync(undisturbed.output, output, { recursive: true });
  const file = path.join(output, "config.yaml");
  const config = parse(readFileSync(file, "utf8")) as object;
  writeFileSync(file, stringify({ ...config, model: "./gone", train: "gone.csv" }));
  expect(await resume(output)).toEqual(
    JSON.parse(JSON.stringify(undisturbed).replaceAll(undisturbed.output, output)),
  );
});

it("the model is not needed to bring folds together", async () => {
  const output = space.file("without-model");
  cpSync(undisturbed.output, output, { recursive: true });
  rmSync(path.join(output, "summary.json"));
  const file = path.join(output, "config.yaml");
  writeFileSync(file, readFileSync(file, "utf8").replace(/^model: .*$/m, "model: ./gone"));
  await resume(output);
  expect(allOf(output)).toEqual(allOf(undisturbed.output));
});

describe("what does not belong together is not brought together", () => {
  it("folds of other data", async () => {
    const train = space.file("changing.csv");
    cpSync(space.file("train.csv"), train);
    const { output } = await run({ train, fold: 1, epochs: 1 });
    writeFileSync(train, readFileSync(train, "utf8").replace(/,[\d.]+\n$/, ",3.3\n"));
    await expect(resume(output, { fold: 2 })).rejects.toMatchObject({
      code: "INVALID_DATA",
      message: expect.stringMatching(/fold-1: was begun with other pairs/) as string,
    });
    // Nor by the fold's own training, when it has not ended.
    rmSync(path.join(output, "fold-1", "summary.json"));
    const trainer = await Trainer.resume(path.join(output, "fold-1"));
    await expect(trainer.train()).rejects.toMatchObject({ code: "INVALID_DATA" });
  });

  it("folds of other settings, which are named", async () => {
    const [one, two] = [
      await run({ fold: 1, epochs: 1 }),
      await run({ fold: 2, epochs: 1, lr: 1e-4, stratified: false }),
    ];
    cpSync(path.join(two.output, "fold-2"), path.join(one.output, "fold-2"), { recursive: true });
    await expect(resume(one.output)).rejects.toMatchObject({
      code: "INVALID_ARGUMENT",
      message: expect.stringMatching(/fold-2.config\.yaml: lr, heldOutFold\.stratified/) as string,
    });
  });

  it("predictions of a fold that were changed", async () => {
    const { output } = await run({ epochs: 1 });
    const file = path.join(output, "fold-2", "predictions-dev.csv");
    writeFileSync(file, readFileSync(file, "utf8").replace(/\n[^\n]+\n$/, "\n"));
    rmSync(path.join(output, "summary.json"));
    await expect(resume(output)).rejects.toThrow(/predictions-dev\.csv: its ids are not those/);
  });

  it("a fold that was trained without the test file", async () => {
    const [one, two] = [
      await run({ fold: [1, 3], epochs: 1, test: space.file("dev.csv") }),
      await run({ fold: 2, epochs: 1 }),
    ];
    cpSync(path.join(two.output, "fold-2"), path.join(one.output, "fold-2"), { recursive: true });
    await expect(resume(one.output)).rejects.toThrow(/predictions-test\.csv: is missing/);
  });
});

it("joined with dev, its pairs are divided, trained on and predicted too", async () => {
  const summary = await run({ dev: space.file("dev.csv"), joinDev: true, epochs: 1 });
  expect(summary.outOfFold).toMatchObject({ n: 65 });
  const rows = await loadPredictions(path.join(summary.output, "predictions-oof.csv"));
  expect(rows.map(({ id }) => id).slice(38, 42)).toEqual(["row-38", "row-39", "row-0", "row-1"]);
});

it("in full training the held-out part chooses nothing and is predicted by the last weights", async () => {
  const summary = await run({ fullTrain: true });
  expect(summary.folds.map(({ best }) => best)).toEqual([null, null, null]);
  expect(summary.outOfFold).toMatchObject({ n: 40 });
  const fold = path.join(summary.output, "fold-1");
  expect(existsSync(path.join(fold, "best"))).toBe(false);
  // The same steps as with a validation, which changes no weights.
  expect(await weightsIn(path.join(fold, "last"))).toEqual(
    await weightsIn(path.join(undisturbed.output, "fold-1", "last")),
  );
});

it.each<[string, () => Partial<CrossValidationOptions>]>([
  ["a sentence encoder", () => ({ architecture: "sentence-encoder", loss: "cosent" })],
  ["cross-entropy over buckets", () => ({ loss: "cross-entropy" })],
  ["voting", () => ({ model: undefined, members: members(), architecture: "voting" })],
  ["stacking", () => ({ model: undefined, members: members(), architecture: "stacking" })],
])("%s is cross-validated like any other model", async (_, change) => {
  const { model, ...settings } = options({ epochs: 1, folds: 2, ...change() });
  const given = model === undefined ? settings : { ...settings, model };
  const summary = await new CrossValidation(given).run();
  expect(summary).toMatchObject({ missing: [], outOfFold: { n: 40 } });
});
const members = () => [space.file("model"), space.file("model")];

it("labels that too few pairs have are warned of, folds without any are refused", async () => {
  const warnings: string[] = [];
  const given = options({ folds: 7, fold: 1, epochs: 1, batchSize: 40 });
  const onStart = (event: { warnings: readonly string[] }) => void warnings.push(...event.warnings);
  await new CrossValidation(given, { callbacks: { onStart } }).run();
  expect(warnings.map((warning) => /^bucket \d of the labels has \d/.exec(warning)?.[0])).toEqual([
    "bucket 0 of the labels has 4",
    "bucket 1 of the labels has 5",
    "bucket 3 of the labels has 5",
  ]);
  await expect(run({ folds: 21 })).rejects.toThrow("21 folds need at least 42 pairs");
});

it("labels on another scale are stratified on it, which the model may say", async () => {
  const model = space.file("ranged");
  using source = await CrossEncoder.load(space.file("model"), { labelRange: { min: 0, max: 10 } });
  await source.save(model);
  const divided: CrossValidationStart[] = [];
  const callbacks = { onStart: (event: CrossValidationStart) => void divided.push(event) };
  const given = options({ model, epochs: 1, fold: 1 });
  await new CrossValidation(given, { callbacks }).run();
  // Nothing is above 5, the middle of the scale.
  const counts = divided[0]!.folds.map(({ buckets }) => buckets.slice(3));
  expect(counts.flat()).toEqual(Array(9).fill(0));
  expect(divided[0]!.folds.map(({ size }) => size)).toEqual([14, 13, 13]);
});

describe("a mistake leaves nothing in the way", () => {
  it.each<[Partial<CrossValidationOptions>, RegExp]>([
    [{ maxLength: 2 }, /maxLength/],
    [{ loss: "cosent" }, /set architecture: sentence-encoder/],
    [{ freeze: "no-such-name" }, /freeze: no parameter/],
    [{ train: "no.csv" }, /no\.csv: no such file/],
  ])("%j", async (change, message) => {
    const given = options(change);
    await expect(new CrossValidation(given).run()).rejects.toThrow(message);
    expect(existsSync(given.output)).toBe(false);
  });

  it("nor does a stop before the first training has begun", async () => {
    const given = options();
    const abort = new AbortController();
    const callbacks = { onFoldStart: () => abort.abort() };
    const crossValidation = new CrossValidation(given, { signal: abort.signal, callbacks });
    await expect(crossValidation.run()).rejects.toMatchObject({ code: "ABORTED" });
    expect(existsSync(given.output)).toBe(false);
  });
});

it.each<[object, RegExp]>([
  [{ folds: 1 }, /folds/],
  [{ fold: 4 }, /there is no fold 4 of 3/],
  [{ fold: [] }, /fold/],
  [{ dev: "dev.csv" }, /dev is not used.*set joinDev/],
  [{ joinDev: true }, /joinDev needs a dev file/],
  [{ examples: "nli", architecture: "sentence-encoder" }, /examples: nli have no scores/],
  [{ stratifed: true }, /no setting "stratifed".*Did you mean "stratified"/],
  [{ heldOutFold: { index: 1, of: 2 } }, /no setting "heldOutFold"/],
  [{ fullTrain: true, patience: 2 }, /patience needs a validation/],
  [{ model: undefined }, /model is required/],
])("the configuration %j is refused by the name of what is wrong", (change, message) => {
  const given: CrossValidationOptions = { ...options(), ...change };
  expect(() => new CrossValidation(given)).toThrow(message);
});

it("a training and a cross-validation are not taken for each other", async () => {
  await expect(Trainer.resume(undisturbed.output)).rejects.toThrow("crossval --resume");
  await expect(CrossValidation.resume(path.join(undisturbed.output, "fold-1"))).rejects.toThrow(
    "train --resume",
  );
  await expect(run({ output: undisturbed.output })).rejects.toThrow("crossval --resume");
});
