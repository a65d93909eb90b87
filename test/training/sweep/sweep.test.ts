import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parse, stringify } from "yaml";
import { StsError } from "../../../lib/foundation/errors.js";
import { memory } from "../../../lib/tensor/memory.js";
import type { TrainOptions } from "../../../lib/training/config.js";
import type { SweepOptions } from "../../../lib/training/sweep/config.js";
import type { SweepSpace } from "../../../lib/training/sweep/space.js";
import { pearsonOf } from "../../../lib/training/sweep/ranking.js";
import type { SweepSummary } from "../../../lib/training/sweep/summary.js";
import { Sweep, type SweepSettings } from "../../../lib/training/sweep/sweep.js";
import { Trainer } from "../../../lib/training/trainer.js";
import { readJson } from "../../support/fixtures.js";
import { Workspace } from "../support.js";
import { rowsOf, trialOf } from "./support.js";

const workspace = new Workspace();

const grid: SweepSpace = { method: "grid", fields: { lr: [1e-3, 1e-4], loss: ["mse", "l1"] } };
const names = ["trial-001", "trial-002", "trial-003", "trial-004"];

/** Settings of trials of 5 steps each, with dropout. */
function options(change: Partial<SweepOptions> = {}): SweepOptions {
  const { train, dev, output, batchSize } = workspace.options() as Required<TrainOptions>;
  const basics = { model: workspace.file("dropout"), train, dev, output, batchSize };
  return { ...basics, epochs: 1, saveSteps: 1, space: grid, ...change };
}

const run = (change?: Partial<SweepOptions>, settings?: SweepSettings) =>
  new Sweep(options(change), settings).run();
const resume = async (output: string, settings?: SweepSettings) =>
  (await Sweep.resume(output, settings)).run();

/** All that a sweep leaves, but for times and where it lies. */
const allOf = (output: string) => ({
  trials: names.map((name) => trialOf(output, name)),
  rows: rowsOf(output),
});

let undisturbed: SweepSummary;
beforeAll(async () => {
  const before = memory();
  undisturbed = await run({ test: workspace.file("dev.csv"), keep: 2 });
  expect(memory()).toEqual(before);
});

it("a trial comes to what a training with its settings comes to by itself", async () => {
  const training: Partial<SweepOptions> = options({ test: workspace.file("dev.csv") });
  delete training.space;
  const alone = { ...training, lr: 1e-4, loss: "mse" } as TrainOptions;
  const { best, output } = await new Trainer(alone).train();
  expect(undisturbed.trials[2]).toMatchObject({ settings: { lr: 1e-4, loss: "mse" }, best });
  const expected = trialOf(output, "");
  const files = trialOf(undisturbed.output, "trial-003");
  for (const name of ["metrics.jsonl", "predictions-dev.csv", "predictions-test.csv"]) {
    expect(files[name]).toEqual(expected[name]);
  }
});

it("the trial with the highest Pearson on dev is the best, whatever test says", () => {
  const { trials, best } = undisturbed;
  const pearsons = trials.map((trial) => pearsonOf(trial)!);
  expect(best).toEqual(trials[pearsons.indexOf(Math.max(...pearsons))]);
  expect(trials.map(({ status }) => status)).toEqual(Array(4).fill("finished"));
  expect(readJson(path.join(undisturbed.output, "summary.json"))).toEqual(undisturbed);
});

it("trials.csv has a row for each trial, with what was searched and what came of it", () => {
  const [header, ...rows] = rowsOf(undisturbed.output);
  expect(header!.join()).toBe(
    "trial,rung,epochs,lr,loss,devPearson,devSpearman,testPearson,status,error",
  );
  const expected = undisturbed.trials.map(({ trial, settings, best, test }) => {
    const { lr, loss } = settings as { lr: number; loss: string };
    const figures = [best!.pearson, best!.spearman, test!.pearson];
    return [trial, 1, 1, lr, loss, ...figures, "finished", ""].join();
  });
  expect(rows.map((row) => row.join())).toEqual(expected);
});

it("the best trials keep their weights, the others their figures and predictions", () => {
  const byPearson = [...undisturbed.trials].sort((a, b) => pearsonOf(b)! - pearsonOf(a)!);
  byPearson.forEach(({ output }, rank) => {
    for (const weights of ["best", "last", "resume.safetensors"]) {
      expect(existsSync(path.join(output, weights))).toBe(rank < 2);
    }
    for (const file of ["config.yaml", "metrics.jsonl", "predictions-dev.csv", "summary.json"]) {
      expect(existsSync(path.join(output, file))).toBe(true);
    }
  });
});

it("without keep, and also of steps in checkpoints, nothing stays", async () => {
  const { trials } = await run({ keep: 0, saveLimit: 2 });
  for (const { output } of trials) {
    expect(existsSync(path.join(output, "best"))).toBe(false);
    expect(existsSync(path.join(output, "checkpoints"))).toBe(false);
  }
});

describe("stopped and gone on with, it comes to the same to the bit", () => {
  const stoppedAt = async (trial: number, step: number) => {
    const abort = new AbortController();
    let current = 0;
    const settings: SweepSettings = {
      signal: abort.signal,
      callbacks: { onTrialStart: (event) => void (current = event.trial) },
      trainer: {
        onStep: (event) => {
          if (current === trial && event.step === step) abort.abort();
        },
      },
    };
    const given = options({ test: workspace.file("dev.csv"), keep: 2 });
    await expect(new Sweep(given, settings).run()).rejects.toMatchObject({ code: "ABORTED" });
    return given.output;
  };

  it.each([
    [1, 2],
    [2, 5],
    [4, 3],
  ])("in trial %i after step %i", async (trial, step) => {
    const output = await stoppedAt(trial, step);
    expect(existsSync(path.join(output, "summary.json"))).toBe(false);
    const begun: [number, number, boolean][] = [];
    const onTrialStart: NonNullable<SweepSettings["callbacks"]>["onTrialStart"] = (event) =>
      void begun.push([event.trial, event.place, event.resumed]);
    await resume(output, { callbacks: { onTrialStart } });
    expect(begun).toEqual(
      [1, 2, 3, 4].slice(trial - 1).map((each) => [each, each, each === trial]),
    );
    expect(allOf(output)).toEqual(allOf(undisturbed.output));
  });

  it("with the trial in the middle gone on with by the Trainer itself", async () => {
    const output = await stoppedAt(2, 3);
    await (await Trainer.resume(path.join(output, "trial-002"))).train();
    await resume(output);
    expect(allOf(output)).toEqual(allOf(undisturbed.output));
  });

  it("killed when a trial's directory had just been made", async () => {
    const output = await stoppedAt(2, 3);
    rmSync(path.join(output, "trial-002"), { recursive: true });
    mkdirSync(path.join(output, "trial-002"));
    writeFileSync(path.join(output, "trial-002", "config.yaml"), "");
    await resume(output);
    expect(allOf(output)).toEqual(allOf(undisturbed.output));
  });

  it.each([
    ["plan.json", "{"],
    ["plan.json", "{}"],
    ["trial-001/trial.json", "half"],
    ["trial-001/trial.json", "{}"],
  ])("%s that is %s is named as damaged", async (name, contents) => {
    const output = await stoppedAt(4, 3);
    writeFileSync(path.join(output, name), contents);
    await expect(resume(output)).rejects.toMatchObject({
      code: "CHECKPOINT_CORRUPT",
      message: expect.stringContaining(path.join(output, name)) as string,
    });
  });

  it("killed before the plan was kept, and in the middle of taking weights away", async () => {
    const output = await stoppedAt(4, 3);
    rmSync(path.join(output, "plan.json"));
    rmSync(path.join(output, "trials.csv"));
    const worst = [...undisturbed.trials].sort((a, b) => pearsonOf(a)! - pearsonOf(b)!)[0]!;
    const half = path.join(output, path.basename(worst.output), "last");
    mkdirSync(half, { recursive: true });
    const temporary = [output, worst.output.replace(undisturbed.output, output)].map((place) =>
      path.join(place, ".sts-1-0123456789ab.tmp"),
    );
    for (const file of temporary) writeFileSync(file, "half");
    await resume(output);
    expect(temporary.filter((file) => existsSync(file))).toEqual([]);
    expect(allOf(output)).toEqual(allOf(undisturbed.output));
  });

  it("the time of a trial is that of both starts", async () => {
    const output = await stoppedAt(1, 4);
    const file = path.join(output, "trial-001", "trial.json");
    writeFileSync(file, JSON.stringify({ seconds: 1000 }));
    const { trials } = await resume(output);
    expect(trials[0]!.seconds).toBeGreaterThan(1000);
    expect(trials[1]!.seconds).toBeLessThan(1000);
  });
});

it("one that has ended gives its summary again, wherever it lies, without model and data", async () => {
  const output = workspace.file("moved");
  cpSync(undisturbed.output, output, { recursive: true });
  const file = path.join(output, "config.yaml");
  const config = parse(readFileSync(file, "utf8")) as object;
  writeFileSync(file, stringify({ ...config, model: "./gone", train: "gone.csv" }));
  expect(await resume(output)).toEqual(
    JSON.parse(JSON.stringify(undisturbed).replaceAll(undisturbed.output, output)),
  );
});

describe("a trial that fails by its own settings", () => {
  it("has that as its result, ranks last, keeps no weights, and the others go on", async () => {
    const space: SweepSpace = { method: "grid", fields: { lr: [1e30, 1e-3] } };
    const { trials, best, output } = await run({ space, keep: 2 });
    expect(trials).toMatchObject([
      { status: "failed", best: null, test: null, error: { code: "NOT_FINITE" } },
      { status: "finished", error: null },
    ]);
    expect(best).toEqual(trials[1]);
    expect(existsSync(path.join(output, "trial-001", "best"))).toBe(false);
    expect(rowsOf(output)[1]!.join()).toMatch(/^1,1,1,1e\+30,,,,failed,.*not finite/);
    // It is not tried again.
    rmSync(path.join(output, "summary.json"));
    const onTrialStart = jest.fn();
    const again = await resume(output, { callbacks: { onTrialStart } });
    expect(again.trials).toEqual(trials);
    expect(onTrialStart).not.toHaveBeenCalled();
  });

  it("also where only the loaded model shows it, once another trial has come through", async () => {
    const space: SweepSpace = { method: "grid", fields: { freeze: ["none", "no-such-name"] } };
    const { trials } = await run({ space });
    expect(trials[1]).toMatchObject({ status: "failed", error: { code: "INVALID_ARGUMENT" } });
    expect(trials[1]!.error!.message).toContain("no-such-name");
  });

  it("such as one for which the memory does not suffice", async () => {
    const { trials } = await run({}, failing("OUT_OF_MEMORY"));
    expect(trials.map(({ status }) => status)).toEqual([
      "failed",
      "finished",
      "finished",
      "finished",
    ]);
  });

  it("but not what would hit every trial, such as a full disk: it stops, and can go on", async () => {
    const given = options({ test: workspace.file("dev.csv"), keep: 2 });
    await expect(new Sweep(given, failing("IO_FAILED")).run()).rejects.toMatchObject({
      code: "IO_FAILED",
      message: "trial 1 (lr=0.001, loss=mse): on purpose",
    });
    expect(existsSync(path.join(given.output, "trial-002"))).toBe(false);
    await resume(given.output);
    expect(allOf(given.output)).toEqual(allOf(undisturbed.output));
  });

  /** Fails at the third step of the first trial. */
  const failing = (code: "OUT_OF_MEMORY" | "IO_FAILED"): SweepSettings => {
    let steps = 0;
    const onStep = () => {
      if (++steps === 3) throw new StsError(code, "on purpose");
    };
    return { trainer: { onStep } };
  };

  it("without any that comes through there is no best", async () => {
    const space: SweepSpace = { method: "grid", fields: { lr: [1e30, 1e35] } };
    expect(await run({ space })).toMatchObject({ best: null, trials: [{}, {}] });
  });
});

describe("successive halving", () => {
  const space: SweepSpace = {
    ...{ method: "halving", candidates: 4, factor: 2 },
    fields: { lr: { min: 1e-5, max: 1e-2, scale: "log" } },
  };

  it("trains the best half of each rung anew, twice as long", async () => {
    const { trials, best, planned, output } = await run({ space, epochs: 4, saveSteps: 1000 });
    expect(planned).toBe(4 + 2 + 1);
    const rung = (number: number) => trials.filter((each) => each.rung === number);
    expect([1, 2, 3].map((each) => rung(each).map(({ epochs }) => epochs))).toEqual([
      [1, 1, 1, 1],
      [2, 2],
      [4],
    ]);
    for (const [earlier, later] of [
      [1, 2],
      [2, 3],
    ] as const) {
      const order = rung(earlier).sort((a, b) => pearsonOf(b)! - pearsonOf(a)!);
      const expected = order.slice(0, rung(later).length).map(({ trial }) => trial);
      expect(rung(later).map(({ trial }) => trial)).toEqual(expected.sort((a, b) => a - b));
    }
    expect(best!.rung).toBe(3);
    expect(best!.output).toBe(path.join(output, `trial-00${best!.trial}-rung-3`));
    expect(existsSync(path.join(best!.output, "best"))).toBe(true);
    const first = rung(1).find(({ trial }) => trial === best!.trial)!;
    expect(existsSync(path.join(first.output, "best"))).toBe(false);
    // A rung is a whole training of its length, not the first part of a longer one.
    expect(first.settings).toEqual(best!.settings);
  });

  it("does not go on with trials that failed, even where too few are left", async () => {
    const fields = { lr: [1e30, 1e35, 1e-3, 1e33] };
    const failing: SweepSpace = { method: "halving", candidates: 4, factor: 2, fields };
    const { trials, best } = await run({ space: failing, epochs: 2 });
    expect(trials.map(({ rung, status }) => `${rung} ${status}`).sort()).toEqual([
      "1 failed",
      "1 failed",
      "1 failed",
      "1 finished",
      "2 finished",
    ]);
    expect(best).toMatchObject({ rung: 2, settings: { lr: 1e-3 } });
  });

  it("stopped in a later rung, it goes on to the same", async () => {
    const whole = await run({ space, epochs: 2 });
    const given = options({ space, epochs: 2 });
    const abort = new AbortController();
    const onTrialStart = (event: { rung: number }) => {
      if (event.rung === 2) setImmediate(() => abort.abort());
    };
    const stopped = new Sweep(given, { signal: abort.signal, callbacks: { onTrialStart } });
    await expect(stopped.run()).rejects.toMatchObject({ code: "ABORTED" });
    await resume(given.output);
    expect(rowsOf(given.output)).toEqual(rowsOf(whole.output));
  });
});

it("several data files are searched like any other setting", async () => {
  const given = options();
  delete given.train;
  const files = [workspace.file("train.csv"), workspace.file("dev.csv")];
  const space: SweepSpace = { method: "grid", fields: { train: files } };
  const { trials } = await new Sweep({ ...given, space }).run();
  expect(trials.map(({ settings }) => settings.train)).toEqual(files);
});

describe("what does not belong together is not brought together", () => {
  let copies = 0;
  /** A copy of the sweep that is not over, with other settings. */
  const changed = (change: object) => {
    const output = workspace.file(`changed-${++copies}`);
    cpSync(undisturbed.output, output, { recursive: true });
    rmSync(path.join(output, "summary.json"));
    const file = path.join(output, "config.yaml");
    const config = parse(readFileSync(file, "utf8")) as object;
    writeFileSync(file, stringify({ ...config, ...change }));
    return output;
  };

  it.each<[string, object]>([
    ["another space", { space: { ...grid, fields: { lr: [1e-3, 1e-4], loss: ["mse", "huber"] } } }],
    ["more trials", { space: { ...grid, fields: { ...grid.fields, seed: [42, 43] } } }],
    ["another method", { space: { ...grid, method: "random", trials: 3 } }],
  ])("%s", async (_, change) => {
    await expect(resume(changed(change))).rejects.toMatchObject({
      code: "INVALID_ARGUMENT",
      message: expect.stringMatching(/config\.yaml: its space.*start a new sweep/) as string,
    });
  });

  it("trials of other settings, which are named", async () => {
    await expect(resume(changed({ weightDecay: 0.5 }))).rejects.toMatchObject({
      code: "INVALID_ARGUMENT",
      message: expect.stringMatching(/trial-001.config\.yaml: weightDecay differs/) as string,
    });
  });

  it("trials of other data", async () => {
    const other = workspace.file("other.csv");
    writeFileSync(other, readFileSync(workspace.file("train.csv"), "utf8") + "x,가,나,3\n");
    await expect(resume(changed({ train: other }))).rejects.toMatchObject({
      code: "INVALID_DATA",
      message: expect.stringContaining("other.csv: the data is not what it was") as string,
    });
    await expect(resume(changed({ test: undefined }))).rejects.toThrow(
      "the data is not what it was",
    );
  });

  it("but the same data may lie elsewhere, and more trials keep their weights", async () => {
    const train = workspace.file("elsewhere.csv");
    cpSync(workspace.file("train.csv"), train);
    const output = changed({ train, keep: 3 });
    expect(await resume(output)).toMatchObject({ trials: [{}, {}, {}, {}] });
  });
});

describe("a mistake leaves nothing in the way", () => {
  it.each<[Partial<SweepOptions>, RegExp]>([
    [{ maxLength: 2 }, /^trial 1 \(lr=0\.001, loss=mse\): .*maxLength/],
    [{ freeze: "no-such-name" }, /^trial 1 .*freeze: no parameter/],
    [{ train: "no.csv" }, /^no\.csv: no such file/],
    [{ model: "./no-model" }, /^trial 1 .*no-model/],
    [
      { space: { method: "grid", fields: { loss: ["mse", "cosent"] } } },
      /^trial 2 .*cosent.*set architecture/,
    ],
    [
      { space: { method: "grid", fields: { device: ["cpu", "tpu"] } } },
      /^trial 2 .*device: expected/,
    ],
    [
      { space: { method: "grid", fields: { model: [workspace.file("model"), "./no"] } } },
      /^trial 2 .*\/no: /,
    ],
  ])("%j", async (change, message) => {
    const given = options(change);
    await expect(new Sweep(given).run()).rejects.toThrow(message);
    expect(existsSync(given.output)).toBe(false);
  });

  it("nor does a stop before the first training has begun", async () => {
    const given = options();
    const abort = new AbortController();
    const callbacks = { onTrialStart: () => abort.abort() };
    const sweep = new Sweep(given, { signal: abort.signal, callbacks });
    await expect(sweep.run()).rejects.toMatchObject({ code: "ABORTED" });
    expect(existsSync(given.output)).toBe(false);
  });
});

const random = (fields: Record<string, unknown>) =>
  ({ method: "random", trials: 2, fields }) as SweepSpace;

it.each<[Partial<SweepOptions>, RegExp]>([
  [{ space: random({ lr: [-1, -2] }) }, /^trial 1 \(lr=-[12]\): lr: .*got -[12]/],
  [{ space: random({ loss: ["l2", "mse"] }) }, /no loss "l2"|l2/],
  [{ space: random({ "head.widths": [[4], "x"] }), head: "tokens" as never }, /head/],
  [{ space: random({ epochs: [1, 1.5] }) }, /^trial [12] \(epochs=1\.5\): epochs: .*got 1\.5/],
  [{ space: random({ batchSize: [8, "many"] }) }, /^trial [12] \(batchSize=many\): batchSize: /],
  [{ space: random({ "parameterRules.1.lr": [1] }) }, /^trial 1: parameterRules\.1\.lr|^trial 1/],
  [{ space: random({ fullTrain: [true] }) }, /^trial 1 \(fullTrain=true\): fullTrain has no/],
  [{ fullTrain: true }, /^trial 1 .*: fullTrain has no validation/],
  [{ model: undefined }, /^trial 1 .*: model is required/],
  [{ epoch: 3 } as never, /no setting "epoch"\. Did you mean "epochs"/],
  [{ keep: -1 }, /keep/],
  [{ space: undefined as never }, /configuration: space: expected a method and fields/],
])("the configuration %j is refused before anything runs", (change, message) => {
  expect(() => new Sweep(options(change))).toThrow(message);
});

it("says what it plans, what comes, and how long it may take", async () => {
  const starts: unknown[] = [];
  const lefts: (number | null)[] = [];
  const summaries: SweepSummary[] = [];
  const space: SweepSpace = { method: "random", trials: 9, fields: { lr: [1e-3, 1e-4, 1e-5] } };
  const summary = await run(
    { space },
    {
      callbacks: {
        onStart: (event) => void starts.push(event),
        onTrialEnd: (event) => {
          lefts.push(event.secondsLeft);
          summaries.push(event.summary);
        },
      },
    },
  );
  expect(starts).toEqual([
    {
      ...{ method: "random", fields: ["lr"], planned: 3 },
      rungs: [{ rung: 1, trials: 3, epochs: null }],
      warnings: ["the space has 3 candidates, fewer than the 9 asked for."],
    },
  ]);
  const [first, , third] = summaries;
  expect(lefts[0]).toBeCloseTo(first!.trials[0]!.seconds * 2, 6);
  expect(lefts[2]).toBe(0);
  expect(third).toEqual(summary);
});

it("a training and a sweep are not taken for each other", async () => {
  const { output } = undisturbed;
  await expect(Trainer.resume(output)).rejects.toThrow(/holds a sweep.*sweep --resume/);
  await expect(resume(path.join(output, "trial-001"))).rejects.toThrow("train --resume");
  await expect(run({ output })).rejects.toThrow(/not empty.*sweep --resume/);
});
