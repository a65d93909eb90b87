import { spawnSync } from "node:child_process";
import { cp, mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { cosineMse } from "../../lib/losses/cosine-mse.js";
import { SentenceEncoder } from "../../lib/models/sentence-encoder.js";
import { memory } from "../../lib/tensor/memory.js";
import { scope } from "../../lib/tensor/scope.js";
import { Tensor } from "../../lib/tensor/tensor.js";
import {
  fixture,
  largestDifference,
  readJson,
  readValues,
  relativeDifference,
  type Values,
} from "../support/fixtures.js";

type Expected = {
  maxLength: number;
  sentences: string[];
  pairs: [number, number][];
  labels: number[];
};

const models = ["mean", "cls", "max-normalize", "weighted-layers"] as const;
const source = (name: string) => fixture("sentence-encoders", name);
const expectedOf = (name: string) => readJson<Expected>(`${source(name)}/expected.json`);
const tensorsOf = (name: string) => readValues(`${source(name)}/expected.safetensors`);
const { sentences } = expectedOf("mean");
const numbers = (rows: readonly Float32Array[]) => rows.flatMap((row) => [...row]);

let directory: string;
let before: ReturnType<typeof memory>;
beforeEach(async () => {
  before = memory();
  directory = await mkdtemp(path.join(tmpdir(), "sts-sentence-encoder-"));
});
afterEach(async () => {
  expect(memory()).toEqual(before);
  await rm(directory, { recursive: true });
});

describe.each(models)("%s computes what sentence-transformers computes", (name) => {
  const [pooling] = name.split("-normalize");

  async function expectVectors(model: SentenceEncoder): Promise<void> {
    const vectors = await model.encode(sentences);
    const expected = (await tensorsOf(name)).get("vectors")!;
    expect(largestDifference(numbers(vectors), expected.values)).toBeLessThan(1e-5);
  }

  it("has all weights, and the pooling and length that the files say", async () => {
    using model = await SentenceEncoder.load(source(name));
    expect(model.initialised).toEqual([]);
    expect(model.maxLength).toBe(expectedOf(name).maxLength);
    expect(model.settings).toMatchObject({ pooling, normalize: name.endsWith("-normalize") });
  });

  it("gives the vectors, to 1e-5", async () => {
    using model = await SentenceEncoder.load(source(name));
    await expectVectors(model);
  });

  it("gives shortened vectors of length 1 and the similarities, to 1e-5", async () => {
    using model = await SentenceEncoder.load(source(name));
    const expected = await tensorsOf(name);
    const shortened = await model.encode(sentences, { dimensions: 8, normalize: true });
    const ofPython = expected.get("shortened")!.values;
    expect(largestDifference(numbers(shortened), ofPython)).toBeLessThan(1e-5);
    for (const vector of shortened) expect(Math.hypot(...vector)).toBeCloseTo(1, 6);

    const vectors = await model.encode(sentences);
    const similarity = numbers(await model.similarity(vectors, vectors));
    expect(largestDifference(similarity, expected.get("similarity")!.values)).toBeLessThan(1e-5);
  });

  it("gives every parameter's gradient of the cosine loss, to 1e-4", async () => {
    using model = await SentenceEncoder.load(source(name));
    const { pairs, labels } = expectedOf(name);
    const expected = await tensorsOf(name);
    for (const parameter of model.parameters.values()) parameter.requiresGrad = true;
    await scope(async () => {
      const texts = pairs.map((pair) => pair.map((place) => sentences[place]!));
      const outputs = await model.forward(await model.tokenize(texts), null);
      const { labelRange } = model;
      const targets = { labels: Tensor.from(Float32Array.from(labels)), labelRange };
      await cosineMse(outputs, targets).backward();
    });
    compareGradients(model, expected);
  });

  it("gives the same vectors after saving and loading", async () => {
    const saved = path.join(directory, "saved");
    using model = await SentenceEncoder.load(source(name));
    await model.save(saved);
    using again = await SentenceEncoder.load(saved);
    expect(again.initialised).toEqual([]);
    expect(again.settings).toEqual({ ...model.settings, config: again.settings.config });
    expect(again.settings.config).toMatchObject(model.settings.config);
    expect(await again.encode(sentences)).toEqual(await model.encode(sentences));
  });

  it("gives the same vectors from the directories of versions before 2", async () => {
    await cp(source(name), directory, { recursive: true });
    await spellAsBefore(directory, pooling!);
    using model = await SentenceEncoder.load(directory);
    expect(model.maxLength).toBe(16);
    await expectVectors(model);
  });
});

function compareGradients(model: SentenceEncoder, expected: Map<string, Values>): void {
  const { prefix } = model.backbone.description.family;
  const nameOf = (name: string) => `grad.${name.replace(`${prefix}.`, "")}`;
  const all = [...expected].flatMap(([name, { values }]) =>
    name.startsWith("grad.") ? values : [],
  );
  const largest = all.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  for (const [parameter, tensor] of model.parameters) {
    using gradient = tensor.grad!;
    const { values } = expected.get(nameOf(parameter))!;
    // Key biases cancel out in the softmax: their gradients are rounding errors around 0.
    const difference = relativeDifference(gradient.toNumbers(), values, largest * 1e-3);
    expect({ parameter, close: difference < 1e-4, difference }).toMatchObject({ close: true });
  }
}

/** The layout and the keys of the first versions: the encoder in a directory of its own, flags. */
async function spellAsBefore(directory: string, pooling: string): Promise<void> {
  const encoder = path.join(directory, "0_Transformer");
  await mkdir(encoder);
  const files = ["config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json"];
  for (const file of files) await rename(path.join(directory, file), path.join(encoder, file));
  await rm(path.join(directory, "sentence_bert_config.json"));
  await rm(path.join(directory, "config_sentence_transformers.json"));
  await rm(path.join(directory, "2_Normalize"), { recursive: true, force: true });
  const write = (file: string, value: object) =>
    writeFile(path.join(directory, file), JSON.stringify(value));
  await write("0_Transformer/sentence_bert_config.json", { max_seq_length: 16 });
  const list = readJson<{ path: string; type: string }[]>(path.join(directory, "modules.json"));
  const modules = list.map(({ path, type }) => ({
    path: path || "0_Transformer",
    type: `sentence_transformers.models.${type.split(".").at(-1)!}`,
  }));
  await write("modules.json", modules);
  const { path: place } = modules.find(({ type }) => type.endsWith(".Pooling"))!;
  await write(`${place}/config.json`, {
    word_embedding_dimension: 32,
    pooling_mode_cls_token: pooling === "cls",
    pooling_mode_mean_tokens: pooling === "mean" || pooling === "weighted-layers",
    pooling_mode_max_tokens: pooling === "max",
    pooling_mode_mean_sqrt_len_tokens: false,
  });
}

const python = process.env.STS_PEERS_PYTHON;
if (!python) {
  console.warn("STS_PEERS_PYTHON is not set: no check that sentence-transformers loads our save.");
}

describe("sentence-transformers loads what is saved", () => {
  type Report = { vectors: number[][]; max_seq_length: number; modules: string[]; encoder: string };

  async function askPython(model: SentenceEncoder): Promise<Report> {
    const saved = path.join(directory, "saved");
    const file = path.join(directory, "sentences.json");
    await model.save(saved);
    await writeFile(file, JSON.stringify(sentences));
    const script = "scripts/fixtures/check_saved_sentence_encoder.py";
    const { stdout, stderr } = spawnSync(python!, [script, saved, file], { encoding: "utf8" });
    const line = stdout.trim().split("\n").at(-1);
    return JSON.parse(line === "" ? stderr : line!) as Report;
  }

  const cases: [string, object, string[], string][] = [
    ["mean", {}, ["Transformer", "Pooling"], "BertModel"],
    ["cls", {}, ["Transformer", "Pooling"], "RobertaModel"],
    ["max-normalize", {}, ["Transformer", "Pooling", "Normalize"], "ElectraModel"],
    ["weighted-layers", {}, ["Transformer", "WeightedLayerPooling", "Pooling"], "BertModel"],
    [
      "mean",
      { pooling: "weighted-layers", maxLength: 7 },
      ["Transformer", "WeightedLayerPooling", "Pooling"],
      "BertModel",
    ],
    ["weighted-layers", { pooling: "max", maxLength: 30 }, ["Transformer", "Pooling"], "BertModel"],
  ];

  (python ? it : it.skip).each(cases)(
    "%s with the options %j, to 1e-5",
    async (name, options, modules, encoder) => {
      using model = await SentenceEncoder.load(source(name), options);
      const report = await askPython(model);
      expect(report).toMatchObject({ max_seq_length: model.maxLength, modules, encoder });
      const vectors = numbers(await model.encode(sentences));
      expect(largestDifference(report.vectors.flat(), vectors)).toBeLessThan(1e-5);
    },
  );
});
