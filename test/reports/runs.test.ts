import { appendFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { loadPredictions } from "../../lib/data/read-predictions.js";
import { compareRuns } from "../../lib/reports/runs/compare-runs.js";
import { readRun } from "../../lib/reports/runs/read-run.js";
import { bestRun, resultGroups, stateOf } from "../../lib/reports/runs/results.js";
import { runsPage } from "../../lib/reports/runs-page.js";
import { CrossValidation } from "../../lib/training/cross-validation/cross-validation.js";
import { Trainer } from "../../lib/training/trainer.js";
import { writeTinyData, writeTinyModel } from "../support/tiny-model.js";
import { temporaryDirectory } from "../data/files.js";
import { writeCrossValidation, writePretraining, writeRun } from "./run-files.js";

const { directory } = temporaryDirectory();
let made = 0;
const place = (name = "run") => path.join(directory, String(made++), name);

describe("what is trained", () => {
  const [model, data] = [path.join(directory, "model"), path.join(directory, "pairs.csv")];

  beforeAll(async () => {
    await writeTinyModel(model);
    await writeTinyData(data, 48);
  });

  it("a training's figures, curves and predictions are those that it tells of", async () => {
    const output = place();
    const losses: number[] = [];
    const evaluations: (number | null)[] = [];
    const summary = await new Trainer(
      { model, train: data, dev: data, test: data, output, epochs: 2, batchSize: 8 },
      {
        callbacks: {
          onStep: ({ loss }) => void losses.push(loss),
          onEvaluation: ({ metrics }) => void evaluations.push(metrics.pearson),
        },
      },
    ).train();
    const run = await readRun(output);
    expect(run).toMatchObject({ kind: "train", isFinished: true, folds: [] });
    expect(run.log.steps.loss).toEqual(losses);
    expect(run.log.steps.step).toEqual(losses.map((_, i) => i + 1));
    expect(run.log.evaluations.map(({ metrics }) => metrics.pearson)).toEqual(evaluations);
    const { best, test, steps, pairsPerSecond } = summary;
    expect(run.figures).toMatchObject({
      dev: { n: 48, pearson: best!.pearson, spearman: best!.spearman },
      best: { epoch: best!.epoch, step: best!.step },
      ...{ test, steps, epochs: 2, examplesPerSecond: pairsPerSecond },
    });
    expect(run.settings).toMatchObject({ batchSize: 8, "labelRange.max": 5 });
    const written = await loadPredictions(path.join(output, "predictions-dev.csv"));
    expect(run.predictions).toEqual(written.map(({ target }) => target));
  });

  it("a cross-validation's figures are those of its summary, fold by fold", async () => {
    const output = place("cv");
    const options = { model, train: data, output, folds: 2, epochs: 1, batchSize: 8 };
    const { folds, outOfFold } = await new CrossValidation(options).run();
    const run = await readRun(output);
    expect(run).toMatchObject({ kind: "crossval", isFinished: true, figures: { dev: outOfFold } });
    expect(run.predictions).toHaveLength(48);
    expect(run.folds.map(({ figures }) => figures.dev)).toEqual(
      folds.map(({ n, pearson, spearman, mse, mae }) => ({ n, pearson, spearman, mse, mae })),
    );
    expect(run.folds.map(({ log }) => log.steps.step.length)).toEqual([3, 3]);
  });
});

describe("a run that has not ended", () => {
  it("is shown with what is known of it", async () => {
    const run = await readRun(writeRun(place(), { summary: null, quality: 0.6 }));
    expect(run).toMatchObject({ isFinished: false, predictions: null });
    expect(run.figures).toMatchObject({
      dev: { pearson: 0.6, mse: 1.4 },
      ...{ best: { epoch: 2, step: 40 }, test: null, steps: 40, epochs: 2 },
    });
    expect(stateOf(run)).toBe("not finished");
  });

  it("may not have taken a step", async () => {
    const output = writeRun(place(), { summary: null });
    rmSync(path.join(output, "metrics.jsonl"));
    const run = await readRun(output);
    expect(run.figures).toMatchObject({ dev: null, best: null, steps: 0, epochs: 0 });
    expect(await runsPage(await compareRuns([output]))).toContain("No step has been taken yet.");
  });

  it.each(['{"event":"step","step":41,"epoch":2,"lo', "\0\0\0\0", '{"event":"step"', "7\n"])(
    "may have been killed while it wrote %j",
    async (rest) => {
      const output = writeRun(place(), { summary: null });
      appendFileSync(path.join(output, "metrics.jsonl"), rest);
      const run = await readRun(output);
      expect(run.log).toMatchObject({ isTorn: true });
      expect(run.log.steps.step).toHaveLength(40);
      expect(await runsPage(await compareRuns([output]))).toContain("is broken off");
    },
  );

  it("of a cross-validation shows the folds that have begun", async () => {
    const output = writeCrossValidation(place("cv"), [0.5, 0.7], { of: 4 });
    rmSync(path.join(output, "fold-2/summary.json"));
    // Stopped before it began.
    mkdirSync(path.join(output, "fold-3"));
    writeFileSync(path.join(output, "fold-3/config.yaml"), "");
    const run = await readRun(output);
    expect(stateOf(run)).toBe("1 of 4 folds");
    expect(run.folds.map(({ fold, isFinished }) => [fold, isFinished])).toEqual([
      [1, true],
      [2, false],
    ]);
    expect(run.figures).toMatchObject({ dev: null, steps: 40 });
  });
});

describe("what is no sound run is refused, with what to do", () => {
  const change = (file: string, contents: string) => {
    const output = writeRun(place());
    writeFileSync(path.join(output, file), contents);
    return readRun(output);
  };

  it("a directory that is none", async () => {
    await expect(readRun(directory)).rejects.toMatchObject({
      code: "NOT_FOUND",
      message: expect.stringMatching(
        /: is not the directory of a run; it has no config\.yaml/,
      ) as string,
    });
    await expect(change("config.yaml", "")).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  it.each([
    [
      "config.yaml",
      "- a\n- b\n",
      /config\.yaml: expected the settings of a run, got an array of 2\./,
    ],
    ["summary.json", "{", /summary\.json: is not the summary of a run: it is not JSON/],
    ["summary.json", '{"best":{"epoch":1}}', /summary\.json: .*best\.step: /],
    ["metrics.jsonl", '{"step":1}\nx\n', /metrics\.jsonl:1: is not an event .*remove the line\./],
    [
      "predictions-dev.csv",
      "id,score\na,1\n",
      /predictions-dev\.csv:1: there is no column "target"/,
    ],
  ])("a damaged %s", async (file, contents, message) => {
    const reading = change(file, contents);
    await expect(reading).rejects.toMatchObject({
      code: "INVALID_DATA",
      message: expect.stringMatching(message) as string,
    });
  });

  it("a sweep, which has a page of its own", async () => {
    await expect(change("config.yaml", "space: {}\n")).rejects.toMatchObject({
      code: "INVALID_ARGUMENT",
      message: expect.stringContaining("is a sweep") as string,
    });
  });

  it("none at all, and one that is given twice", async () => {
    await expect(compareRuns([])).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
    const output = writeRun(place());
    await expect(compareRuns([output, `${output}/../run`])).rejects.toMatchObject({
      code: "INVALID_ARGUMENT",
      message: expect.stringContaining("is given twice") as string,
    });
  });

  it("reading ends when it is asked to", async () => {
    const signal = AbortSignal.abort();
    await expect(compareRuns([writeRun(place())], { signal })).rejects.toMatchObject({
      code: "ABORTED",
    });
  });
});

describe("runs beside each other", () => {
  it("show the settings that differ, whatever they are within, and fold the others", async () => {
    const { settings } = await compareRuns([
      writeRun(place(), { settings: { lr: 1, head: { name: "mlp", widths: [8, 4] } } }),
      writeRun(place(), { settings: { lr: 1, head: { name: "mlp", widths: [8] } } }),
      writeRun(place(), { settings: { lr: 2, head: "mean" } }),
    ]);
    expect(settings.differing).toEqual([
      { name: "lr", values: [1, 1, 2] },
      { name: "head.name", values: ["mlp", "mlp", undefined] },
      { name: "head.widths", values: [[8, 4], [8], undefined] },
      { name: "head", values: [undefined, undefined, "mean"] },
    ]);
    expect(settings.common).toMatchObject({ loss: "mse", "labelRange.max": 5, columns: {} });
    expect(settings.common).not.toHaveProperty("output");
  });

  it("have names that are short and differ", async () => {
    const [a, b, c] = [place("x"), place("x"), place("y")];
    const { runs } = await compareRuns([a, b, c].map((output) => writeRun(output)));
    const parent = (output: string) => path.basename(path.dirname(output));
    expect(runs.map(({ name }) => name)).toEqual([`${parent(a)}/x`, `${parent(b)}/x`, "y"]);
  });

  it("have the highest Pearson marked, and pre-trainings by themselves", async () => {
    const { runs } = await compareRuns([
      writeRun(place("low"), { quality: 0.4 }),
      writePretraining(place("pretrained")),
      writeRun(place("high"), { quality: 0.9 }),
      writeCrossValidation(place("cv"), [0.4, 0.6]),
    ]);
    expect(bestRun(runs)?.name).toBe("high");
    expect(bestRun(runs.slice(0, 1))).toBeUndefined();
    const [trained, pretrained] = resultGroups(runs);
    expect(trained!.runs.map(({ name }) => name)).toEqual(["low", "high", "cv"]);
    const valuesOf = (name: string) =>
      trained!.columns.find((column) => column.name === name)?.values;
    expect(valuesOf("Pearson")).toEqual(["0.4000", "0.9000", "0.5000"]);
    expect(valuesOf("test Pearson")).toEqual(["0.4000", "0.9000", null]);
    expect(valuesOf("steps")).toEqual(["40", "40", "40"]);
    expect(valuesOf("pairs/s")).toEqual(["121", "121", null]);
    expect(valuesOf("perplexity")).toBeUndefined();
    expect(pretrained!.columns.map(({ name, values }) => [name, values[0]])).toEqual([
      ...[
        ["held-out loss", "5.5000"],
        ["perplexity", "244.7"],
        ["accuracy", "0.2500"],
      ],
      ...[
        ["best at step", "1"],
        ["steps", "1"],
        ["epochs", "1"],
        ["lines/s", "184"],
      ],
    ]);
  });

  it("that cannot be compared are said to be so", async () => {
    const [a, b] = [
      writeRun(place()),
      writeRun(place(), { settings: { loss: "l1", dev: "b.csv" } }),
    ];
    const page = await runsPage(await compareRuns([a, b]));
    expect(page).toContain("trained with different losses");
    expect(page).toContain("measured on different pairs");
    expect(page).not.toContain("tested on different pairs");
  });

  it("have a page that says of the folds what the summary does", async () => {
    const page = await runsPage(await compareRuns([writeCrossValidation(place("cv"), [0.4, 0.6])]));
    const text = page.replace(/<[^>]*>/g, " ").replace(/\s+/g, " ");
    expect(text).toContain(
      "Pearson out of fold 0.5000 mean of the folds 0.5000 standard deviation 0.1414",
    );
    expect(text).toMatch(/fold 1 finished 50 0\.4000 0\.3900 1\.6000 0\.8000 20 20/);
  });

  it("leave their directories as they were", async () => {
    const output = writeRun(place());
    const files = ["config.yaml", "metrics.jsonl", "summary.json"].map((name) =>
      path.join(output, name),
    );
    const before = files.map((file) => readFileSync(file, "utf8"));
    await runsPage(await compareRuns([output]));
    expect(files.map((file) => readFileSync(file, "utf8"))).toEqual(before);
  });
});
