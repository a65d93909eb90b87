import { copyFile, mkdtemp, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { SequenceModel } from "../../lib/models/sequence-model.js";
import { saveSafetensors } from "../../lib/checkpoint/tensors.js";
import { memory } from "../../lib/tensor/memory.js";
import { ops } from "../../lib/tensor/ops.js";
import { scope } from "../../lib/tensor/scope.js";
import type { Tensor } from "../../lib/tensor/tensor.js";
import { fixture, readJson } from "../support/fixtures.js";

let directory: string;
const source = fixture("encoders/roberta");

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "sts-weights-"));
  await copyFile(`${source}/config.json`, `${directory}/config.json`);
});
afterEach(() => rm(directory, { recursive: true }));

const load = () => SequenceModel.load(directory);

async function writeConfig(change: object): Promise<void> {
  const config = readJson<object>(`${source}/config.json`);
  await writeFile(`${directory}/config.json`, JSON.stringify({ ...config, ...change }));
}

const writeWeights = (change: (weights: Map<string, Tensor>) => void): Promise<void> =>
  scope(async () => {
    using model = await SequenceModel.load(source);
    const weights = new Map(model.parameters);
    change(weights);
    await saveSafetensors(`${directory}/model.safetensors`, weights, {});
  });

it("an unsupported model type is named, with those that are supported", async () => {
  await writeConfig({ model_type: "gpt2" });
  await expect(load()).rejects.toMatchObject({
    code: "UNSUPPORTED_MODEL",
    message: expect.stringMatching(/"gpt2".*bert, roberta, xlm-roberta, electra/) as string,
  });
});

it.each([
  ["hidden_size", "wide", "CHECKPOINT_CORRUPT"],
  ["num_attention_heads", 5, "CHECKPOINT_CORRUPT"],
  ["hidden_dropout_prob", 2, "CHECKPOINT_CORRUPT"],
  ["hidden_act", "tanh", "UNSUPPORTED_MODEL"],
  ["position_embedding_type", "relative_key", "UNSUPPORTED_MODEL"],
])("a config.json whose %s is %p is refused by that name", async (key, value, code) => {
  await writeConfig({ [key]: value });
  await expect(load()).rejects.toMatchObject({
    code,
    message: expect.stringContaining(key) as string,
  });
});

it("missing encoder weights are listed", async () => {
  const name = "roberta.encoder.layer.1.output.dense.weight";
  await writeWeights((weights) => weights.delete(name));
  await expect(load()).rejects.toMatchObject({
    code: "CHECKPOINT_CORRUPT",
    message: expect.stringContaining(name) as string,
  });
});

it("weights of a wrong shape are listed with both shapes", async () => {
  const name = "roberta.encoder.layer.0.intermediate.dense.bias";
  await writeWeights((weights) => weights.set(name, ops.zeros([7])));
  await expect(load()).rejects.toMatchObject({
    code: "CHECKPOINT_CORRUPT",
    message: expect.stringMatching(
      /intermediate\.dense\.bias: expected \[64\], got \[7\]/,
    ) as string,
  });
});

it("a missing head is initialised, named and the same for the same seed", async () => {
  await writeWeights((weights) => weights.delete("classifier.dense.weight"));
  using first = await load();
  using second = await load();
  using other = await SequenceModel.load(directory, { seed: 1 });
  const weight = (model: SequenceModel) =>
    model.parameters.get("classifier.dense.weight")!.toNumbers();
  expect(first.initialised).toEqual(["classifier.dense.weight"]);
  expect(weight(second)).toEqual(weight(first));
  expect(weight(other)).not.toEqual(weight(first));
});

it("an output layer for three labels is replaced by one for a score", async () => {
  await writeWeights((weights) => {
    weights.set("classifier.out_proj.weight", ops.zeros([3, 32]));
    weights.set("classifier.out_proj.bias", ops.zeros([3]));
  });
  using model = await load();
  expect(model.initialised).toEqual(["classifier.out_proj.weight", "classifier.out_proj.bias"]);
});

it.each(["float16", "bfloat16", "float64"] as const)(
  "%s weights are read as float32",
  async (dtype) => {
    await writeWeights((weights) => {
      for (const [name, tensor] of weights) weights.set(name, ops.to(tensor, dtype));
    });
    using model = await load();
    expect([...model.parameters.values()].every((tensor) => tensor.dtype === "float32")).toBe(true);
  },
);

it("a truncated safetensors file is called so and frees what was read", async () => {
  await copyFile(`${source}/model.safetensors`, `${directory}/model.safetensors`);
  await truncate(`${directory}/model.safetensors`, 50_000);
  const before = memory();
  await expect(load()).rejects.toMatchObject({
    code: "CHECKPOINT_CORRUPT",
    message: expect.stringContaining("model.safetensors") as string,
  });
  expect(memory()).toEqual(before);
});

it("saving and loading gives back the same weights and configuration", async () => {
  using model = await SequenceModel.load(source);
  await model.save(directory);
  using again = await load();
  for (const [name, tensor] of model.parameters) {
    expect(again.parameters.get(name)!.toNumbers()).toEqual(tensor.toNumbers());
  }
  expect(JSON.parse(await readFile(`${directory}/config.json`, "utf8"))).toMatchObject({
    model_type: "roberta",
    architectures: ["RobertaForSequenceClassification"],
    problem_type: "regression",
    id2label: { 0: "LABEL_0" },
  });
});
