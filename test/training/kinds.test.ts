import { writeFileSync } from "node:fs";
import path from "node:path";
import { CrossEncoder } from "../../lib/models/cross-encoder.js";
import { loadModel } from "../../lib/models/load-model.js";
import type { PairModel } from "../../lib/models/pair-model.js";
import { SentenceEncoder } from "../../lib/models/sentence-encoder.js";
import { StackingModel } from "../../lib/models/stacking-model.js";
import { VotingModel } from "../../lib/models/voting-model.js";
import { memory } from "../../lib/tensor/memory.js";
import type { TrainOptions } from "../../lib/training/config.js";
import type { StartEvent } from "../../lib/training/events.js";
import type { TrainSummary } from "../../lib/training/summary.js";
import { Trainer } from "../../lib/training/trainer.js";
import { writeMember } from "../models/ensemble-members.js";
import { tinyPairs } from "../support/tiny-model.js";
import { resultOf, trainInterrupted, weightsIn, Workspace } from "./support.js";

const space = new Workspace();
const pairs = tinyPairs(25).map(({ pair }) => pair);

beforeAll(async () => {
  await writeMember(space.file("electra"), "electra");
  await writeMember(space.file("roberta"), "roberta");
});

/** Trains, and checks that the best weights predict as the run's own predictions say. */
async function trained(change: Partial<TrainOptions>) {
  const before = memory();
  const [losses, starts]: [number[], StartEvent[]] = [[], []];
  const summary: TrainSummary = await space.train(
    { epochs: 5, evalEpochs: 5, test: space.file("dev.csv"), ...change },
    {
      onStart: (event) => void starts.push(event),
      onStep: ({ loss }) => void losses.push(loss),
    },
  );
  expect(memory()).toEqual(before);
  const mean = (some: number[]) => some.reduce((a, b) => a + b) / some.length;
  expect(mean(losses.slice(-5))).toBeLessThan(mean(losses.slice(0, 5)));
  expect(summary.test!.pearson).toBeCloseTo(summary.best!.pearson!, 6);
  const model = await loadModel(path.join(summary.output, "best"));
  expect(await model.predict(pairs)).toHaveLength(25);
  return { model, summary, start: starts[0]! };
}

function as<T extends PairModel>(kind: { prototype: T; name: string }, model: PairModel): T {
  if (Object.getPrototypeOf(model) === kind.prototype) return model as T;
  throw new Error(`expected a ${kind.name}, got a ${model.constructor.name}`);
}

describe("a cross-encoder is trained with", () => {
  it.each<[string, Partial<TrainOptions>, object]>([
    ["a head by its name", { head: "layer1" }, { type: "tokens", widths: [384] }],
    ["two blocks", { head: "layer2" }, { type: "tokens", widths: [512, 256] }],
    [
      "a head as an object",
      {
        head: { type: "tokens", widths: [8], readout: "flatten", activation: "gelu" },
        maxLength: 20,
      },
      { type: "tokens", widths: [8], readout: "flatten", activation: "gelu", length: 20 },
    ],
    ["a pooling", { pooling: "mean" }, { type: "family", pooling: "mean" }],
    ["the family's head and a pooling", { head: "family", pooling: "max" }, { pooling: "max" }],
    [
      "learnt weights of the layers",
      { pooling: "weighted-layers" },
      { pooling: "weighted-layers" },
    ],
  ])("%s, which is saved with it", async (_, change, expected) => {
    const { model, start } = await trained(change);
    using encoder = as(CrossEncoder, model);
    expect(encoder.settings.head).toMatchObject(expected);
    expect(encoder.initialised).toEqual([]);
    expect(start.initialised.length === 0).toBe(
      change.pooling === "mean" || change.pooling === "max",
    );
  });

  it.each([
    ["bce", 1, { type: "probability" }],
    ["cross-entropy(buckets=6)", 6, { type: "buckets", count: 6 }],
  ])("the loss %s and the %i outputs that it needs", async (loss, outputs, output) => {
    const { model } = await trained({ loss });
    using encoder = as(CrossEncoder, model);
    expect(encoder.settings.output).toMatchObject(output);
    expect(encoder.parameters.get("classifier.bias")!.shape).toEqual([outputs]);
  });
});

describe("a sentence encoder is trained", () => {
  const architecture = "sentence-encoder";
  const loaded = ({ model }: { model: PairModel }) => as(SentenceEncoder, model);
  const write = (name: string, rows: readonly object[]) => {
    const file = space.file(name);
    writeFileSync(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
    return file;
  };

  it.each([undefined, "mean", "max", "cls", "weighted-layers"] as const)(
    "from scored pairs, with the pooling %s",
    async (pooling) => {
      using model = loaded(await trained({ architecture, ...(pooling && { pooling }) }));
      expect(model.settings.pooling).toBe(pooling ?? "mean");
      const [vector] = await model.encode("가 나");
      expect(vector).toHaveLength(32);
    },
  );

  it("from natural-language inference, with hard negatives and without", async () => {
    const rows = pairs.flatMap(([sentence1, sentence2], i) => [
      { sentence1, sentence2, label: "entailment" },
      { sentence1, sentence2: pairs[(i + 3) % 25]![1], label: "contradiction" },
      { sentence1, sentence2: "가", label: "neutral" },
    ]);
    const train = write("nli.jsonl", rows);
    const settings = { architecture, train, batchSize: 5, lr: 1e-4 } as const;
    using nli = loaded(await trained({ ...settings, examples: "nli" }));
    using plain = loaded(await trained({ ...settings, examples: "nli-pairs" }));
    expect(nli.settings.pooling).toBe(plain.settings.pooling);
  });

  it("from triplets, and goes on exactly after an interruption, in bfloat16 too", async () => {
    const rows = pairs.map(([anchor, positive], i) => ({
      ...{ anchor, positive, negative: pairs[(i + 5) % 25]![0] },
    }));
    const settings: Partial<TrainOptions> = {
      ...{ architecture, examples: "triplets", train: write("triplets.jsonl", rows), batchSize: 5 },
      ...{ model: space.file("dropout"), precision: "bf16", epochs: 2 },
    };
    const { output } = await space.train(settings);
    const options = space.options(settings);
    await trainInterrupted(options, [
      { at: "onStep", step: 3 },
      { at: "onStep", step: 5 },
    ]);
    expect(resultOf(options.output)).toEqual(resultOf(output));
  });

  it("further, from where a training ended, as what it is", async () => {
    const { output } = await space.train({ architecture, pooling: "max" });
    const { model } = await trained({ model: path.join(output, "last") });
    using encoder = loaded({ model });
    expect(encoder.settings.pooling).toBe("max");
  });
});

describe("two models are joined and trained", () => {
  const members = () => [space.file("electra"), space.file("roberta")];
  const options = (change: Partial<TrainOptions>) => {
    const some = space.options({ epochs: 3, test: space.file("dev.csv"), ...change });
    delete some.model;
    return some;
  };
  const join = async (change: Partial<TrainOptions>) => {
    const before = memory();
    const starts: StartEvent[] = [];
    const callbacks = { onStart: (event: StartEvent) => void starts.push(event) };
    const trainer = new Trainer(options({ members: members(), ...change }), { callbacks });
    const summary = await trainer.train();
    expect(memory()).toEqual(before);
    const best = path.join(summary.output, "best");
    return { summary, best, start: starts[0]! };
  };
  /** Whether the saved members have the weights that they came with. */
  const areUnchanged = async (best: string) => {
    const same = members().map(async (member, i) => {
      const [before, after] = [
        await weightsIn(member),
        await weightsIn(path.join(best, "members", String(i))),
      ];
      return String([...before]) === String([...after]);
    });
    return Promise.all(same);
  };

  it("voting trains both, and is saved, loaded and predicts", async () => {
    const { summary, best, start } = await join({ architecture: "voting" });
    expect(start.frozenParameters).toBe(0);
    expect(await areUnchanged(best)).toEqual([false, false]);
    using model = await loadModel(best);
    expect(model).toBeInstanceOf(VotingModel);
    expect(await model.predict(pairs)).toHaveLength(25);
    expect(summary.test!.pearson).toBeCloseTo(summary.best!.pearson!, 6);
  });

  it("stacking trains the layer alone and leaves the members as they are, to the bit", async () => {
    const { best, start } = await join({ architecture: "stacking", lr: 1e-2, average: "ema" });
    expect(start.parameters).toBe(3);
    expect(await areUnchanged(best)).toEqual([true, true]);
    using model = await loadModel(best);
    expect(model).toBeInstanceOf(StackingModel);
    expect(model.parameters.get("stacking.weight")!.toNumbers()).not.toEqual([0.5, 0.5]);
    expect(await model.predict(pairs)).toHaveLength(25);
  });

  it("stacking trains the members too where that is asked for, but for a part of each", async () => {
    const { best, start } = await join({
      ...{ architecture: "stacking", freezeMembers: false, freeze: "1/2" },
    });
    expect(start.frozen.some((name) => name.startsWith("members.1.roberta.encoder.layer.0."))).toBe(
      true,
    );
    expect(start.frozen.some((name) => name.includes("layer.1."))).toBe(false);
    expect(await areUnchanged(best)).toEqual([false, false]);
  });

  it("a saved ensemble is trained further, with its members frozen or not", async () => {
    const { best } = await join({ architecture: "stacking", epochs: 1 });
    const numbers: number[] = [];
    const onStart = ({ parameters }: StartEvent) => void numbers.push(parameters);
    await space.train({ model: best, epochs: 1 }, { onStart });
    await space.train({ model: best, epochs: 1, freezeMembers: false }, { onStart });
    expect(numbers[0]).toBe(3);
    expect(numbers[1]).toBeGreaterThan(1000);
  });

  it("a training of both goes on exactly after an interruption", async () => {
    const settings = { members: members(), architecture: "voting", epochs: 2 } as const;
    const { output } = await new Trainer(options(settings)).train();
    const interrupted = options(settings);
    await trainInterrupted(interrupted, [
      { at: "onStep", step: 2 },
      { at: "onStep", step: 8 },
    ]);
    expect(resultOf(interrupted.output)).toEqual(resultOf(output));
  });
});
