import { copyFile, readFile, readdir, rm, truncate, writeFile } from "node:fs/promises";
import path from "node:path";
import { parse, stringify } from "yaml";
import { memory } from "../../../lib/tensor/memory.js";
import type { TrainOptions } from "../../../lib/training/config.js";
import { Trainer } from "../../../lib/training/trainer.js";
import { fixture } from "../../support/fixtures.js";
import { writeTinyData, writeTinyModel } from "../../support/tiny-model.js";
import { linesOf, resultOf, trainInterrupted, Workspace, type Interruption } from "../support.js";

const space = new Workspace();

/** Runs of 10 steps that between them use all that has a state. */
const runs: Record<string, () => Partial<TrainOptions>> = {
  "EMA, R-Drop, accumulation, patience": () => ({
    model: space.file("dropout"),
    ...{ batchSize: 4, accumulation: 2, loss: "mse + r-drop", average: "ema", emaDecay: 0.8 },
    ...{ evalSteps: 3, saveSteps: 4, saveLimit: 2, patience: 9, test: space.file("dev.csv") },
  }),
  "SWA, fp16, groups, a new head, gradient checkpointing": () => ({
    model: space.file("dropout"),
    ...{ average: "swa", swaStart: 0.3, precision: "fp16", head: "layer1", layerDecay: 0.8 },
    parameterRules: [{ pattern: "bias", lr: 1e-4 }],
    ...{ gradientCheckpointing: true, freeze: "1/2", evalEpochs: 0.6, saveEpochs: 0.4 },
  }),
};

const interruptions: Record<string, Interruption[]> = {
  "before the first step": [{ at: "onStart" }],
  "after the first step": [{ at: "onStep", step: 1 }],
  "twice in the middle of an epoch": [
    { at: "onStep", step: 2 },
    { at: "onStep", step: 7 },
  ],
  "just before an evaluation, twice": [
    { at: "onStep", step: 3 },
    { at: "onStep", step: 6 },
  ],
  "during an evaluation": [{ at: "onStep", step: 6, later: true }],
  "after an evaluation": [{ at: "onEvaluation", step: 6 }],
  "after a save": [{ at: "onSave", step: 4 }],
  "at the end of an epoch": [{ at: "onStep", step: 5 }],
  "after the last step, then while the best model predicts": [
    { at: "onStep", step: 10 },
    { at: "onSave", step: 10 },
  ],
};

describe.each(Object.entries(runs))("a run with %s", (name, settings) => {
  let undisturbed: Record<string, unknown>;
  beforeAll(async () => {
    const { output } = await space.train(settings());
    undisturbed = resultOf(output);
  });

  // On a CPU fp16 is slow.
  const some = Object.entries(interruptions).filter(
    (_, i) => !name.includes("fp16") || i % 3 === 2,
  );
  it.each(some)(
    "that is interrupted %s ends as one that is not, bit for bit",
    async (_, points) => {
      const before = memory();
      const options = space.options(settings());
      await trainInterrupted(options, points);
      expect(resultOf(options.output)).toEqual(undisturbed);
      expect(memory()).toEqual(before);
    },
  );
});

it("the count of evaluations without a better one goes on, so that the run stops where it would", async () => {
  const settings = { evalSteps: 2, saveSteps: 5, patience: 3, epochs: 20, lr: 1e-2 };
  const summary = await space.train(settings);
  expect(summary.steps).toBeGreaterThan(6);
  expect(summary.steps).toBeLessThan(100);
  const options = space.options(settings);
  await trainInterrupted(options, [
    { at: "onEvaluation", step: summary.steps - 2 },
    { at: "onStep", step: summary.steps - 1 },
    { at: "onStep", step: summary.steps },
  ]);
  expect(resultOf(options.output)).toEqual(resultOf(summary.output));
});

it("a run that was killed before its first save begins anew, with nothing logged twice", async () => {
  const settings = { evalSteps: 10, test: space.file("dev.csv") };
  const summary = await space.train(settings);
  const options = space.options(settings);
  await killed(options, 4);
  expect(await readdir(options.output)).not.toContain("resume.safetensors");
  const resumed = await Trainer.resume(options.output);
  await resumed.train();
  expect(resultOf(options.output)).toEqual(resultOf(summary.output));
});

it("a run that was killed after its last save goes on from there, without what was half written", async () => {
  const settings = { evalSteps: 3, saveSteps: 4, saveLimit: 1 };
  const summary = await space.train(settings);
  const options = space.options(settings);
  await killed(options, 7);
  const leftover = ".sts-12-0123456789ab.tmp";
  await writeFile(path.join(options.output, leftover), "x");
  await writeFile(path.join(options.output, "best", leftover), "x");
  await writeTinyModel(path.join(options.output, "checkpoints", leftover));
  const steps: number[] = [];
  const from: number[] = [];
  const resumed = await Trainer.resume(options.output, {
    callbacks: {
      onStart: ({ resumedFrom }) => void from.push(resumedFrom),
      onStep: ({ step }) => void steps.push(step),
    },
  });
  await resumed.train();
  expect({ from, steps }).toEqual({ from: [4], steps: [5, 6, 7, 8, 9, 10] });
  expect(resultOf(options.output)).toEqual(resultOf(summary.output));
});

/** A process that dies while a step is told of leaves what one does whose callback throws. */
async function killed(options: TrainOptions, step: number): Promise<void> {
  const onStep = (event: { step: number }) => {
    if (event.step === step) throw new Error("killed");
  };
  await expect(new Trainer(options, { callbacks: { onStep } }).train()).rejects.toThrow("killed");
}

describe("going on with", () => {
  const resume = async (run: string) => (await Trainer.resume(run)).train();
  const stopped = async (change: Partial<TrainOptions> = {}) => {
    const options = space.options(change);
    const abort = new AbortController();
    const callbacks = { onStep: () => abort.abort() };
    const training = new Trainer(options, { signal: abort.signal, callbacks }).train();
    await expect(training).rejects.toMatchObject({ code: "ABORTED" });
    return options.output;
  };

  it("a run that has ended gives its summary again and changes nothing", async () => {
    const summary = await space.train();
    const before = resultOf(summary.output);
    expect(await resume(summary.output)).toEqual(summary);
    expect(resultOf(summary.output)).toEqual(before);
    expect(linesOf(summary.output)).toHaveLength(12);
  });

  it("what is no run says so", async () => {
    const error = {
      code: "NOT_FOUND",
      message: expect.stringMatching(/not the directory of a run/) as string,
    };
    await expect(resume(space.file("nowhere"))).rejects.toMatchObject(error);
    await expect(resume(space.file("model"))).rejects.toMatchObject(error);
  });

  it("a run that was killed while its directory was made says to start it anew", async () => {
    await writeFile(path.join(space.file("model"), "config.yaml"), "");
    await expect(resume(space.file("model"))).rejects.toMatchObject({
      code: "NOT_FOUND",
      message: expect.stringMatching(/before it began.*start it anew/) as string,
    });
    await rm(path.join(space.file("model"), "config.yaml"));
  });

  it.each(["train", "dev"] as const)("other %s data is refused", async (set) => {
    const file = space.file(`${set}-to-change.csv`);
    await writeTinyData(file, 30);
    const run = await stopped({ [set]: file });
    await writeTinyData(file, 29);
    await expect(resume(run)).rejects.toMatchObject({
      code: "INVALID_DATA",
      message: expect.stringMatching(/data is not what it was.*Put the old files back/) as string,
    });
    await writeTinyData(file, 30);
    expect(await resume(run)).toMatchObject({ output: run });
  });

  it("one changed label is refused", async () => {
    const file = space.file("label-to-change.csv");
    await writeTinyData(file, 30);
    const run = await stopped({ train: file });
    const text = await readFile(file, "utf8");
    await writeFile(file, text.replace(/,5\n/, ",4.9\n"));
    await expect(resume(run)).rejects.toMatchObject({ code: "INVALID_DATA" });
  });

  it("a damaged resume.safetensors is told as that", async () => {
    const run = await stopped();
    const file = path.join(run, "resume.safetensors");
    const whole = await readFile(file);
    await truncate(file, 10_000);
    const corrupt = {
      code: "CHECKPOINT_CORRUPT",
      message: expect.stringContaining(file) as string,
    };
    await expect(resume(run)).rejects.toMatchObject(corrupt);
    const header = whole.indexOf('{\\"position');
    expect(header).toBeGreaterThan(0);
    await writeFile(
      file,
      Buffer.concat([whole.subarray(0, header), Buffer.from(" "), whole.subarray(header + 1)]),
    );
    await expect(resume(run)).rejects.toMatchObject(corrupt);
    await writeFile(file, "not tensors");
    await expect(resume(run)).rejects.toMatchObject(corrupt);
    await writeFile(file, whole);
    expect(await resume(run)).toMatchObject({ steps: 10 });
  });

  it.each([
    [{ batchSize: 4 }, /batchSize changed/],
    [{ average: "ema", lr: 1e-4 }, /lr, average changed/],
  ])("settings that were changed to %j are named", async (change, message) => {
    const run = await stopped();
    const file = path.join(run, "config.yaml");
    const config = parse(await readFile(file, "utf8")) as object;
    await writeFile(file, stringify({ ...config, ...change }));
    await expect(resume(run)).rejects.toMatchObject({
      code: "INVALID_ARGUMENT",
      message: expect.stringMatching(message) as string,
    });
    await writeFile(file, stringify(config));
    expect(await resume(run)).toMatchObject({ steps: 10 });
  });

  it("another model than that of the run is refused", async () => {
    const run = await stopped();
    const file = path.join(run, "config.yaml");
    const config = parse(await readFile(file, "utf8")) as object;
    await writeTinyModel(space.file("other"));
    for (const name of ["config.json", "model.safetensors"]) {
      await copyFile(fixture("encoders/electra-small", name), space.file("other", name));
    }
    await writeFile(file, stringify({ ...config, model: space.file("other") }));
    await expect(resume(run)).rejects.toMatchObject({
      code: "CHECKPOINT_CORRUPT",
      message: expect.stringMatching(/has no tensor .*another model or configuration/) as string,
    });
    await writeFile(file, "epochs: [");
    await expect(resume(run)).rejects.toMatchObject({ code: "CHECKPOINT_CORRUPT" });
    await writeFile(file, stringify({ ...config, epochs: 0 }));
    await expect(resume(run)).rejects.toMatchObject({
      code: "INVALID_ARGUMENT",
      message: expect.stringMatching(/config\.yaml: epochs/) as string,
    });
  });
});
