import { writeFileSync } from "node:fs";
import type { TrainOptions } from "../../lib/training/config.js";
import { Trainer } from "../../lib/training/trainer.js";
import { CrossEncoder } from "../../lib/models/cross-encoder.js";
import { VotingModel } from "../../lib/models/voting-model.js";
import { Workspace } from "./support.js";

const space = new Workspace();

const refusal = (message: RegExp) =>
  expect.objectContaining({
    code: "INVALID_ARGUMENT",
    message: expect.stringMatching(message) as string,
  }) as Error;

const basics = { train: "train.csv", output: "run" };

it.each<[object, RegExp]>([
  [{}, /^configuration: model is required\.$/],
  [{ model: "a", members: ["a"], architecture: "voting" }, /model and members exclude each other/],
  [{ members: ["a", "b"] }, /members need architecture: voting or stacking/],
  [
    { model: "a", architecture: "voting" },
    /voting needs members, such as .*; to train one that is saved/,
  ],
  [{ model: "a", architecture: "stacking" }, /stacking needs members/],
  [{ members: [], architecture: "voting" }, /members: Too small/],
  [
    { model: "a", architecture: "cross-encoder", freezeMembers: true },
    /freezeMembers is for voting and stacking, not for a cross-encoder model/,
  ],
  [
    { model: "a", architecture: "sentence-encoder", head: "layer1" },
    /head is for a cross-encoder, not for a sentence-encoder model/,
  ],
  [
    { members: ["a"], architecture: "voting", head: "layer1", pooling: "mean" },
    /head is for a cross-encoder, not for a voting model.*\n.*pooling is for a model with one encoder/,
  ],
  [{ model: "a", head: "layer2", pooling: "mean" }, /pooling is for the family's head/],
  [{ model: "a", evalSteps: 1, evalEpochs: 1 }, /evalSteps and evalEpochs exclude each other/],
  [{ model: "a", saveSteps: 1, saveEpochs: 1 }, /saveSteps and saveEpochs exclude each other/],
  [
    { model: "a", fullTrain: true, patience: 1 },
    /patience needs a validation, which fullTrain has/,
  ],
  [
    { model: "a", examples: "nli", architecture: "sentence-encoder" },
    /dev is required with examples: nli/,
  ],
  [
    {
      ...{ model: "a", examples: "nli", architecture: "sentence-encoder" },
      ...{ dev: "dev.csv", fullTrain: true },
    },
    /dev holds scored pairs, which fullTrain cannot add to examples: nli/,
  ],
  [
    { model: "a", examples: "triplets", dev: "b", architecture: "cross-encoder" },
    /examples: triplets are for a sentence encoder/,
  ],
  [{ model: "a", freeze: -1 }, /freeze: .*-1/],
  [{ model: "a", emaDecay: 1 }, /emaDecay/],
  [{ model: "a", swaStart: 2 }, /swaStart/],
  [{ model: "a", average: "swa", swaStart: 1 }, /swaStart/],
  [{ model: "a", emaDecay: 0.9 }, /emaDecay does nothing without average: ema/],
  [{ model: "a", average: "ema", swaStart: 0.5 }, /swaStart does nothing without average: swa/],
  [{ model: "a", head: { type: "tokens" } }, /head\.widths is required/],
  [{ model: "a", head: { type: "tokens", width: [8] } }, /no setting "head\.width"/],
  [{ model: "a", head: { widths: [8] } }, /head\.type: .*'family' \| 'tokens'/],
  [{ model: "a", head: "layer9" }, /head: .*"layer1"/],
  [{ model: "a", layerDecay: 0 }, /layerDecay/],
  [{ model: "a", precision: "int8" }, /precision: .*"int8"/],
  [{ model: "a", parameterRules: [{ lr: 1 }] }, /parameterRules\.0\.pattern is required/],
  [{ model: "a", parameterRules: [{ pattern: "a", LR: 1 }] }, /no setting "parameterRules\.0\.LR"/],
  [{ model: "a", loss: "mse + l3" }, /l3/],
])("the settings %j are refused: %s", (settings, message) => {
  expect(() => new Trainer({ ...basics, ...settings })).toThrow(refusal(message));
});

it("every contradiction is told at once", () => {
  const settings = { ...basics, evalSteps: 1, evalEpochs: 1, saveSteps: 1, saveEpochs: 1 };
  expect(() => new Trainer(settings)).toThrow(
    refusal(/model is required\.\nevalSteps and evalEpochs .*\nsaveSteps and saveEpochs/),
  );
});

describe("what does not fit the kind of model that the directory holds is refused, and no run is begun:", () => {
  beforeAll(async () => {
    const members = [
      await CrossEncoder.load(space.file("model")),
      await CrossEncoder.load(space.file("model")),
    ];
    using voting = VotingModel.create(members);
    await voting.save(space.file("voting"));
    writeFileSync(
      space.file("triplets.jsonl"),
      `${JSON.stringify({ anchor: "가", positive: "나", negative: "다" })}\n`,
    );
  });

  it.each<[Partial<TrainOptions>, string, RegExp]>([
    [{ head: "layer1" }, "voting", /head is for a cross-encoder, not for a voting model/],
    [{ pooling: "mean" }, "voting", /pooling is for a model with one encoder/],
    [{ freezeMembers: true }, "model", /freezeMembers is for voting and stacking/],
    [{ examples: "triplets" }, "model", /examples: triplets are for a sentence encoder/],
    [{ loss: "cosent" }, "voting", /cosent.* compares the vectors of sentences/],
    [{ loss: "multiple-negatives-ranking" }, "model", /compares the vectors of sentences/],
    [{ loss: "bce" }, "voting", /needs a head of its own, which a voting model has not/],
    [
      { loss: "bce", architecture: "sentence-encoder" },
      "model",
      /needs a head of its own, which a sentence-encoder model has not/,
    ],
    [{ freezeMembers: true }, "voting", /all 82 parameters are frozen/],
    [{ freeze: 3 }, "model", /at most the encoder's 2 layers, got 3/],
  ])("%j with %s", async (change, model, message) => {
    const options = space.options({ ...change, model: space.file(model), epochs: 1 });
    if (change.examples) options.train = space.file("triplets.jsonl");
    await expect(new Trainer(options).train()).rejects.toThrow(refusal(message));
    await space.train({ output: options.output, epochs: 1, fullTrain: true });
  });
});
