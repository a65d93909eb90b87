import { copyFile, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { Ensemble } from "../../lib/models/ensemble.js";
import type { PairModel } from "../../lib/models/pair-model.js";
import { call } from "../../lib/tensor/call.js";
import { noGrad } from "../../lib/tensor/context.js";
import { Generator } from "../../lib/tensor/generator.js";
import { ops } from "../../lib/tensor/ops.js";
import { scope } from "../../lib/tensor/scope.js";
import { Tensor } from "../../lib/tensor/tensor.js";
import {
  encodingsOf,
  fixture,
  largestDifference,
  readJson,
  readValues,
  relativeDifference,
} from "../support/fixtures.js";
import { tinyPairs, writeTinyModel } from "../support/tiny-model.js";

export const families = ["bert", "roberta", "electra"] as const;

export const pairs = tinyPairs(24).map(({ pair }) => pair);
export const labels = tinyPairs(24).map(({ label }) => label);

/**
 * The tiny model of a family, as a directory with a tokenizer of its own: the words lie in another
 * order than in the other families'.
 */
export async function writeMember(
  directory: string,
  family: (typeof families)[number],
  dropout = 0,
): Promise<void> {
  await writeTinyModel(directory, dropout);
  const file = (name: string) => path.join(directory, name);
  await copyFile(fixture("encoders", family, "model.safetensors"), file("model.safetensors"));
  const config = readJson<object>(fixture("encoders", family, "config.json"));
  const probabilities = { hidden_dropout_prob: dropout, attention_probs_dropout_prob: dropout };
  await writeFile(file("config.json"), JSON.stringify({ ...config, ...probabilities }));
  const tokens = (await readFile(file("vocab.txt"), "utf8")).trim().split("\n");
  const [special, words] = [tokens.slice(0, 5), tokens.slice(5)];
  const shift = 7 * families.indexOf(family);
  const vocabulary = [...special, ...words.slice(shift), ...words.slice(0, shift)];
  await writeFile(file("vocab.txt"), vocabulary.join("\n"));
}

/** The batch of the encoder fixtures, as an ensemble of the three families reads it. */
async function fixtureBatch() {
  const values = await Promise.all(
    families.map((family) => readValues(fixture("encoders", family, "expected.safetensors"))),
  );
  const byMember = values.map(encodingsOf);
  return {
    examples: byMember[0]!.map((_, i) => byMember.map((encodings) => encodings[i]!)),
    labels: values[0]!.get("labels")!.values,
  };
}

export function asEnsemble(model: PairModel): Ensemble {
  if (model instanceof Ensemble) return model;
  throw new Error(`expected an ensemble, got a ${model.constructor.name}`);
}

export const raw = (model: PairModel): Promise<number[]> => model.predict(pairs, { clamp: false });

/** Scores with what training adds to a forward, dropout above all. */
export async function scoresInTraining(model: PairModel): Promise<number[]> {
  const examples = await model.tokenize(pairs);
  const pass = { dropout: new Generator(7), recompute: false };
  return scope(async () => (await model.forward(examples, pass)).scores.toNumbers());
}

/**
 * One step of gradient descent on the mean squared error for all parameters but the frozen ones.
 * @returns the names of the parameters that the step changed
 */
export async function trainOneStep(model: PairModel): Promise<string[]> {
  const { frozenParameters } = model;
  const examples = await model.tokenize(pairs);
  const before = new Map([...model.parameters].map(([name, p]) => [name, p.toNumbers()]));
  for (const [name, parameter] of model.parameters) {
    parameter.requiresGrad = !frozenParameters.has(name);
  }
  await scope(async () => {
    const pass = { dropout: new Generator(7), recompute: false };
    const { scores } = await model.forward(examples, pass);
    await ops.mseLoss(scores, Tensor.from(Float32Array.from(labels)), "mean").backward();
    for (const parameter of model.parameters.values()) {
      const { grad } = parameter;
      if (grad) noGrad(() => call("aten::sub_.Tensor", parameter, grad, 1e-3));
    }
  });
  ops.clearGrads([...model.parameters.values()]);
  return [...model.parameters].flatMap(([name, parameter]) =>
    parameter.toNumbers().some((value, i) => value !== before.get(name)![i]) ? [name] : [],
  );
}

type Oracle = { scores: number[]; loss: number; gradients: Record<string, number[]> };

/** Compares scores, loss and gradients with what PyTorch gives for the fixtures' batch. */
export async function expectAsInPyTorch(model: PairModel, file: string): Promise<void> {
  const expected = readJson<Oracle>(fixture("ensembles", file));
  const batch = await fixtureBatch();
  for (const parameter of model.parameters.values()) parameter.requiresGrad = true;
  await scope(async () => {
    const { scores } = await model.forward(batch.examples, null);
    expect(largestDifference(scores.toNumbers(), expected.scores)).toBeLessThan(1e-5);
    const loss = ops.mseLoss(scores, Tensor.from(Float32Array.from(batch.labels)), "mean");
    expect(relativeDifference([loss.item()], [expected.loss])).toBeLessThan(1e-5);
    await loss.backward();
    for (const [name, gradient] of Object.entries(expected.gradients)) {
      const actual = model.parameters.get(name)!.grad!.toNumbers();
      const difference = relativeDifference(actual, gradient);
      expect({ name, difference, close: difference < 1e-4 }).toMatchObject({ close: true });
    }
  });
}
