import { spawnSync } from "node:child_process";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { saveSafetensors } from "../../lib/checkpoint/tensors.js";
import { CrossEncoder } from "../../lib/models/cross-encoder.js";
import {
  MaskedLanguageModel,
  type MaskedLanguageModelOptions,
} from "../../lib/models/masked-language-model.js";
import { memory } from "../../lib/tensor/memory.js";
import { ops } from "../../lib/tensor/ops.js";
import { scope } from "../../lib/tensor/scope.js";
import type { Tensor } from "../../lib/tensor/tensor.js";
import type { MaskedEncoding } from "../../lib/text/masking.js";
import { readJson } from "../support/fixtures.js";
import { expectedOf, maskedBatch, maskedModel, maskedModels, paddedBatch } from "./masked-batch.js";

let directory: string;
let batch: MaskedEncoding[];

beforeAll(async () => {
  batch = maskedBatch(await expectedOf("bert"));
});
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "sts-masked-"));
});
afterEach(() => rm(directory, { recursive: true }));

const load = (options?: MaskedLanguageModelOptions) => MaskedLanguageModel.load(directory, options);
const valuesOf = ({ parameters }: MaskedLanguageModel, name: string) =>
  parameters.get(name)!.toNumbers();

/** A copy of a fixture in `directory`, with changes to its config.json. */
async function copyModel(name: string, change: object = {}): Promise<void> {
  await cp(maskedModel(name), directory, { recursive: true });
  const config = readJson<object>(`${maskedModel(name)}/config.json`);
  await writeFile(`${directory}/config.json`, JSON.stringify({ ...config, ...change }));
}

const changeWeights = (name: string, change: (weights: Map<string, Tensor>) => void) =>
  scope(async () => {
    using model = await MaskedLanguageModel.load(maskedModel(name));
    const weights = new Map(model.parameters);
    change(weights);
    await saveSafetensors(`${directory}/model.safetensors`, weights, {});
  });

describe("saving", () => {
  it("and loading gives back the same weights and the same score", async () => {
    const saved = path.join(directory, "saved");
    using model = await MaskedLanguageModel.load(maskedModel("bert"));
    await model.save(saved);
    using again = await MaskedLanguageModel.load(saved);
    expect(again.initialised).toEqual([]);
    for (const name of model.parameters.keys()) {
      expect(valuesOf(again, name)).toEqual(valuesOf(model, name));
    }
    expect(await again.score(batch)).toEqual(await model.score(batch));
  });

  it.each(maskedModels)("%s gives an encoder that a cross-encoder starts from", async (name) => {
    const saved = path.join(directory, "saved");
    using model = await MaskedLanguageModel.load(maskedModel(name));
    await model.save(saved);
    using encoder = await CrossEncoder.load(saved);
    expect(encoder.initialised.length).toBeGreaterThan(0);
    const shared = [...model.parameters.keys()].filter((key) => encoder.parameters.has(key));
    expect(shared.length).toBe(model.backbone.encoder.parameters.size);
    for (const key of shared) {
      expect(encoder.parameters.get(key)!.toNumbers()).toEqual(valuesOf(model, key));
    }
    expect(await encoder.predict([["가 나", "다 라"]])).toHaveLength(1);
  });

  it("names the class that Python loads, and leaves nothing behind when it fails", async () => {
    const saved = path.join(directory, "saved");
    using model = await MaskedLanguageModel.load(maskedModel("roberta"));
    await model.save(saved);
    expect(JSON.parse(await readFile(`${saved}/config.json`, "utf8"))).toMatchObject({
      architectures: ["RobertaForMaskedLM"],
      model_type: "roberta",
    });
    const file = path.join(directory, "file");
    await writeFile(file, "");
    await expect(model.save(path.join(file, "model"))).rejects.toMatchObject({ code: "IO_FAILED" });
  });
});

describe("a model from scratch", () => {
  const big = {
    vocab_size: 3000,
    hidden_size: 48,
    intermediate_size: 96,
    initializer_range: 0.05,
  };
  const fromScratch = async (name: string, change: object = big, seed = 0) => {
    await copyModel(name, change);
    await rm(`${directory}/model.safetensors`);
    return load({ fromScratch: true, seed });
  };

  it.each(maskedModels)("%s starts with the numbers that transformers would draw", async (name) => {
    using model = await fromScratch(name);
    expect(model.initialised).toEqual([...model.parameters.keys()]);
    for (const [parameter, tensor] of model.parameters) {
      const values = tensor.toNumbers();
      if (parameter.endsWith("bias")) expect(new Set(values)).toEqual(new Set([0]));
      else if (/LayerNorm|layer_norm/.test(parameter)) {
        expect(new Set(values)).toEqual(new Set([1]));
      } else expectNormal(values, big.initializer_range);
    }
  });

  it.each([
    ["bert", "bert.embeddings.word_embeddings", 0],
    ["roberta", "roberta.embeddings.word_embeddings", 1],
    ["roberta", "roberta.embeddings.position_embeddings", 1],
  ])("%s has zeros in %s for the padding and nowhere else", async (name, embedding, padding) => {
    using model = await fromScratch(name);
    const values = valuesOf(model, `${embedding}.weight`);
    const zeros = [...values.keys()].filter((i) => values[i] === 0);
    const row = [...Array(big.hidden_size).keys()].map((i) => padding * big.hidden_size + i);
    expect(zeros).toEqual(row);
  });

  it("is the same for the same seed and another for another", async () => {
    using first = await fromScratch("bert", {}, 3);
    using second = await load({ fromScratch: true, seed: 3 });
    using other = await load({ fromScratch: true, seed: 4 });
    const weight = "bert.encoder.layer.0.output.dense.weight";
    expect(valuesOf(second, weight)).toEqual(valuesOf(first, weight));
    expect(valuesOf(other, weight)).not.toEqual(valuesOf(first, weight));
  });

  it("knows nothing: its loss is that of chance", async () => {
    using model = await fromScratch("bert", { initializer_range: 0.02 });
    const { lossSum, count } = await model.score(batch);
    expect(Math.abs(lossSum / count - Math.log(model.config.vocabSize))).toBeLessThan(0.1);
  });

  it("takes no notice of weights that are there", async () => {
    await copyModel("bert");
    await writeFile(`${directory}/model.safetensors`, "not weights");
    using model = await load({ fromScratch: true });
    expect(model.initialised).toHaveLength(model.parameters.size);
  });

  it("is saved as any other", async () => {
    const saved = path.join(directory, "saved");
    using model = await fromScratch("electra-small", {});
    await model.save(saved);
    using again = await MaskedLanguageModel.load(saved);
    expect(again.initialised).toEqual([]);
  });

  it("needs weights unless it is asked for", async () => {
    await copyModel("bert");
    await rm(`${directory}/model.safetensors`);
    await expect(load()).rejects.toMatchObject({ code: "NOT_FOUND" });
  });
});

/** Within five standard errors of what a normal distribution gives. */
function expectNormal(values: readonly number[], standardDeviation: number): void {
  const count = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / count;
  expect(Math.abs(mean)).toBeLessThan((5 * standardDeviation) / Math.sqrt(count));
  // The row of the padding takes up to 1/26 of an embedding of positions out of the draw.
  const tolerance = 5 / Math.sqrt(2 * count) + 1 / 26;
  expect(Math.abs(Math.sqrt(variance) / standardDeviation - 1)).toBeLessThan(tolerance);
}

describe("a checkpoint", () => {
  it("without the head gets one, which is named", async () => {
    await copyModel("roberta");
    await changeWeights("roberta", (weights) => {
      for (const name of weights.keys()) if (name.startsWith("lm_head.")) weights.delete(name);
    });
    using model = await load();
    expect(model.initialised).toEqual([
      "lm_head.dense.weight",
      "lm_head.dense.bias",
      "lm_head.layer_norm.weight",
      "lm_head.layer_norm.bias",
      "lm_head.bias",
    ]);
    expect((await model.score(batch)).lossSum).toBeGreaterThan(0);
  });

  it("with a copy of its tied embeddings in the decoder is read without it", async () => {
    await copyModel("bert");
    await changeWeights("bert", (weights) => {
      weights.set("cls.predictions.decoder.weight", ops.ones([70, 24]));
      weights.set("cls.predictions.decoder.bias", ops.ones([70]));
    });
    using model = await load();
    using source = await MaskedLanguageModel.load(maskedModel("bert"));
    expect(await model.score(batch)).toEqual(await source.score(batch));
  });

  it.each([
    [{ tie_word_embeddings: false }, "UNSUPPORTED_MODEL", /tie_word_embeddings false/],
    [{ pad_token_id: 70 }, "CHECKPOINT_CORRUPT", /pad_token_id.*70/],
    [{ vocab_size: 20 }, "CHECKPOINT_CORRUPT", /vocab_size 20/],
    [{ model_type: "gpt2" }, "UNSUPPORTED_MODEL", /gpt2/],
  ])("whose config.json says %j is refused", async (change, code, message) => {
    await copyModel("bert", change);
    const before = memory();
    const error = { code, message: expect.stringMatching(message) as string };
    await expect(load()).rejects.toMatchObject(error);
    await expect(load({ fromScratch: true })).rejects.toMatchObject(error);
    expect(memory()).toEqual(before);
  });

  it("is cut to its own length or a shorter one, and a longer one is refused", async () => {
    await copyModel("roberta");
    using own = await load();
    using shorter = await load({ maxLength: 8 });
    expect([own.maxLength, shorter.maxLength]).toEqual([24, 8]);
    await expect(load({ maxLength: 25 })).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
  });
});

describe("a batch", () => {
  let model: MaskedLanguageModel;
  beforeAll(async () => {
    model = await MaskedLanguageModel.load(maskedModel("bert"));
  });
  afterAll(() => model.dispose());

  it("gives each example what it gives alone", async () => {
    const together = await model.score(batch);
    const alone = await Promise.all(batch.map((example) => model.score([example])));
    const sum = (key: keyof typeof together) => alone.reduce((all, score) => all + score[key], 0);
    expect(Math.abs(sum("lossSum") - together.lossSum)).toBeLessThan(1e-4);
    expect([sum("correct"), sum("count")]).toEqual([together.correct, together.count]);
  });

  it("with nothing to predict has no loss, but a score of nothing", async () => {
    const nothing = batch.filter(({ targets }) => targets.length === 0);
    expect(nothing).toHaveLength(1);
    await expect(model.loss(nothing, null)).rejects.toMatchObject({
      code: "INVALID_ARGUMENT",
      message: expect.stringMatching(/at least one token to predict/) as string,
    });
    expect(await model.score(nothing)).toEqual({ lossSum: 0, correct: 0, count: 0 });
    expect(await model.score([])).toEqual({ lossSum: 0, correct: 0, count: 0 });
  });

  it.each([
    [{ positions: [9], targets: [5] }, /examples\[0\]\.positions: expected places of its 9 tokens/],
    [{ positions: [-1], targets: [5] }, /examples\[0\]\.positions/],
    [{ positions: [1], targets: [5, 6] }, /examples\[0\]\.targets: expected one for each of its 1/],
  ])("whose first example has %j is refused", async ({ positions, targets }, message) => {
    const wrong = {
      ...batch[0]!,
      positions: Int32Array.from(positions),
      targets: Int32Array.from(targets),
    };
    const error = { code: "INVALID_ARGUMENT", message: expect.stringMatching(message) as string };
    await expect(model.loss([wrong, batch[1]!], null)).rejects.toMatchObject(error);
    await expect(model.score([wrong])).rejects.toMatchObject(error);
  });

  it("leaves no tensor behind, trained on, scored or refused", async () => {
    const before = memory();
    const other = await MaskedLanguageModel.load(maskedModel("electra-small"));
    for (const parameter of other.parameters.values()) parameter.requiresGrad = true;
    await scope(async () => (await other.loss(batch, null)).backward());
    await other.score(batch);
    await expect(other.loss([], null)).rejects.toThrow();
    other.dispose();
    await expect(other.score(batch)).rejects.toMatchObject({ code: "DISPOSED" });
    expect(memory()).toEqual(before);
  });
});

const python = process.env.STS_PEERS_PYTHON;
if (!python)
  console.warn("STS_PEERS_PYTHON is not set: no check that transformers loads our save.");

describe("transformers", () => {
  const architectures = {
    bert: "BertForMaskedLM",
    roberta: "RobertaForMaskedLM",
    "electra-small": "ElectraForMaskedLM",
  };
  const loaded = "%s that was saved loads whole and has our loss, to 1e-5";

  (python ? it : it.skip).each(Object.entries(architectures))(
    loaded,
    async (name, architecture) => {
      const saved = path.join(directory, "saved");
      using model = await MaskedLanguageModel.load(maskedModel(name));
      await model.save(saved);
      const file = path.join(directory, "batch.json");
      const typeVocabulary = model.config.typeVocabSize;
      const own = batch.map((example) =>
        typeVocabulary > 1 ? example : { ...example, typeIds: example.typeIds.map(() => 0) },
      );
      await writeFile(file, JSON.stringify(paddedBatch(own, model.config.padTokenId)));
      const script = "scripts/fixtures/check_saved_masked_language_model.py";
      const { status, stdout, stderr } = spawnSync(python!, [script, saved, file], {
        encoding: "utf8",
      });
      if (status !== 0) throw new Error(stderr);
      const report = JSON.parse(stdout.trim().split("\n").at(-1)!) as { loss: number };
      const { lossSum, correct, count } = await model.score(own);
      expect(report).toMatchObject({
        architecture,
        mask_token_id: model.tokenizer.masking.maskId,
        missing: [],
        unexpected: [],
        mismatched: [],
        correct,
      });
      expect(Math.abs(report.loss - lossSum / count)).toBeLessThan(1e-5);
    },
  );
});
