import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { StsError } from "../../lib/foundation/errors.js";
import { SentenceEncoder, type SentenceEncoderOptions } from "../../lib/models/sentence-encoder.js";
import { call } from "../../lib/tensor/call.js";
import { autocast, noGrad } from "../../lib/tensor/context.js";
import { memory } from "../../lib/tensor/memory.js";
import { ops } from "../../lib/tensor/ops.js";
import { scope } from "../../lib/tensor/scope.js";
import { Tensor } from "../../lib/tensor/tensor.js";
import { fixture, largestDifference, readJson } from "../support/fixtures.js";
import { tinyPairs, writeTinyModel } from "../support/tiny-model.js";

const pairs = tinyPairs(50).map(({ pair }) => pair);
const sentences = pairs.flat();
const numbers = (rows: readonly Float32Array[]) => rows.flatMap((row) => [...row]);

let directory: string;
let model: SentenceEncoder;

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "sts-sentence-encoder-"));
  await writeTinyModel(directory);
  model = await SentenceEncoder.load(directory);
});
afterAll(async () => {
  model.dispose();
  await rm(directory, { recursive: true });
});

/** A copy of a model that sentence-transformers saved, with changed files. */
async function changed(name: string, files: Record<string, unknown>): Promise<string> {
  const copy = await mkdtemp(path.join(directory, "changed-"));
  await cp(fixture("sentence-encoders", name), copy, { recursive: true });
  for (const [file, value] of Object.entries(files)) {
    const place = path.join(copy, file);
    await rm(place, { force: true });
    if (value === null) continue;
    await mkdir(path.dirname(place), { recursive: true });
    await writeFile(place, typeof value === "string" ? value : JSON.stringify(value));
  }
  return copy;
}

async function refusal(promise: Promise<unknown>): Promise<StsError> {
  const before = memory();
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(StsError);
  expect(memory()).toEqual(before);
  return error as StsError;
}

describe("vectors", () => {
  it("come in the order of the sentences, whatever the batch size", async () => {
    const one = await model.encode(sentences, { batchSize: 1 });
    expect(one).toHaveLength(sentences.length);
    const many = await model.encode(sentences, { batchSize: 64 });
    expect(largestDifference(numbers(many), numbers(one))).toBeLessThan(1e-5);
  });

  it("of a string are those of one sentence; no sentences give none", async () => {
    expect(await model.encode("가 나")).toEqual(await model.encode(["가 나"]));
    expect(await model.encode([])).toEqual([]);
  });

  it("own their memory, so that keeping one does not keep its batch", async () => {
    const [first] = await model.encode(sentences);
    expect(first!.buffer.byteLength).toBe(first!.byteLength);
  });

  it("are cut to the first dimensions and then scaled", async () => {
    const whole = await model.encode(sentences);
    const cut = await model.encode(sentences, { dimensions: 5 });
    expect(cut).toEqual(whole.map((vector) => vector.slice(0, 5)));
    for (const vector of await model.encode(sentences, { dimensions: 5, normalize: true })) {
      expect(Math.hypot(...vector)).toBeCloseTo(1, 6);
    }
  });

  it("of words are the same in capitals where the model lowercases", async () => {
    const vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "ab", "cd"].join("\n");
    const cased = await changed("mean", {
      "tokenizer.json": null,
      "tokenizer_config.json": { do_lower_case: false },
      "vocab.txt": vocabulary,
      "sentence_bert_config.json": { do_lower_case: true, max_seq_length: null },
    });
    using lowercasing = await SentenceEncoder.load(cased);
    const [capitals, small, other] = await lowercasing.encode(["AB cd", "ab CD", "ab ab"]);
    expect(capitals).toEqual(small);
    expect(capitals).not.toEqual(other);
    await lowercasing.save(path.join(directory, "lowercasing"));
    using again = await SentenceEncoder.load(path.join(directory, "lowercasing"));
    expect(await again.encode("AB cd")).toEqual([capitals]);
  });

  it.each([
    [[1], {}, /sentences\[0\]: expected a string/],
    [["a", null], {}, /sentences\[1\]: expected a string/],
    [{}, {}, /sentences: expected an array of strings/],
    [["a"], { dimensions: 33 }, /dimensions: expected an integer from 1 to the model's 32, got 33/],
    [["a"], { dimensions: 0 }, /dimensions/],
    [["a"], { batchSize: 0 }, /batchSize: expected a positive integer/],
  ])("of %j with %j are refused", async (wrong, options, message) => {
    const error = await refusal(model.encode(wrong as never, options));
    expect(error).toMatchObject({ code: "INVALID_ARGUMENT" });
    expect(error.message).toMatch(message);
  });

  it("are not computed after the signal has fired", async () => {
    const error = await refusal(model.encode(sentences, { signal: AbortSignal.abort() }));
    expect(error.code).toBe("ABORTED");
  });
});

describe("similarities", () => {
  it("have a row for each of the first and a column for each of the second", async () => {
    const first = [Float32Array.of(1, 0), Float32Array.of(3, 4)];
    const second = [Float32Array.of(2, 0), Float32Array.of(0, -1), Float32Array.of(0, 0)];
    const [upper, lower] = await model.similarity(first, second);
    expect([...upper!]).toEqual([1, 0, 0].map((value) => expect.closeTo(value, 6) as number));
    expect([...lower!]).toEqual([0.6, -0.8, 0].map((value) => expect.closeTo(value, 6) as number));
    expect(await model.similarity([], second)).toEqual([]);
    expect(await model.similarity(first, [])).toEqual([new Float32Array(), new Float32Array()]);
  });

  it("are as exact under autocast", async () => {
    const vectors = await model.encode(["가 나", "다"]);
    const plain = await model.similarity(vectors, vectors);
    expect(await autocast("bfloat16", () => model.similarity(vectors, vectors))).toEqual(plain);
  });

  it("of vectors of different lengths are refused by their place", async () => {
    const vectors = [new Float32Array(2), new Float32Array(3)];
    const { message } = await refusal(model.similarity(vectors, vectors));
    expect(message).toContain("first[1]: expected a Float32Array of 2 numbers");
  });
});

describe("scores", () => {
  it("are the cosines of a pair's vectors, scaled to the label range", async () => {
    const firsts = await model.encode(pairs.map(([first]) => first));
    const seconds = await model.encode(pairs.map(([, second]) => second));
    const similarity = await model.similarity(firsts, seconds);
    const cosines = similarity.map((row, i) => row[i]!);
    const raw = await model.predict(pairs, { clamp: false, batchSize: 7 });
    const scaled = cosines.map((cosine) => 5 * cosine);
    expect(largestDifference(raw, scaled)).toBeLessThan(1e-5);

    using ranged = await SentenceEncoder.load(directory, { labelRange: { min: -1, max: 3 } });
    const moved = cosines.map((cosine) => 4 * cosine - 1);
    const scores = await ranged.predict(pairs, { clamp: false });
    expect(largestDifference(scores, moved)).toBeLessThan(1e-5);
  });

  it("of sentences whose cosine is negative are the least label", async () => {
    using other = await SentenceEncoder.load(directory);
    // Without what random vectors have in common they point everywhere.
    const vectors = await other.encode(sentences);
    const common = vectors[0]!.map((_, i) => vectors.reduce((sum, v) => sum + v[i]!, 0));
    scope(() => {
      const mean = ops.divScalar(Tensor.from(common), vectors.length);
      const bias = other.parameters.get("bert.encoder.layer.1.output.LayerNorm.bias")!;
      noGrad(() => call("aten::sub_.Tensor", bias, mean));
    });
    const unlike = pairs.map(([first], i) => [first, pairs.at(i - 7)![1]] as const);
    const raw = await other.predict(unlike, { clamp: false });
    expect(raw.some((score) => score < -1)).toBe(true);
    expect(await other.predict(unlike)).toEqual(
      raw.map((score) => Math.min(Math.max(score, 0), 5)),
    );
  });

  it("are given for nothing but pairs", async () => {
    const wrong = [pairs[0]!, ["가"]] as never;
    const { code, message } = await refusal(model.predict(wrong));
    expect(code).toBe("INVALID_ARGUMENT");
    expect(message).toContain("pairs[1]: expected an array of two sentences");
    expect((await refusal(model.predict([[]] as never))).code).toBe("INVALID_ARGUMENT");
  });
});

describe("a batch", () => {
  const triples = pairs.slice(0, 6).map(([first, second]) => [first, second, `${first} 하`]);

  it("of triples has the vectors of each place, and the scores of the first two", async () => {
    await scope(() =>
      noGrad(async () => {
        const { scores, logits, embeddings } = await model.forward(
          await model.tokenize(triples),
          null,
        );
        expect(logits).toBeNull();
        expect(embeddings.map(({ shape }) => shape)).toEqual(Array(3).fill([6, 32]));
        for (const [place, vectors] of embeddings.entries()) {
          const alone = await model.encode(triples.map((triple) => triple[place]!));
          expect(largestDifference(vectors.toNumbers(), numbers(alone))).toBeLessThan(1e-5);
        }
        const ofPairs = await model.predict(pairs.slice(0, 6), { clamp: false });
        expect(largestDifference(scores.toNumbers(), ofPairs)).toBeLessThan(1e-5);
      }),
    );
  });

  it("of single sentences has vectors and no scores", async () => {
    await scope(async () => {
      const examples = await model.tokenize([["가 나"], ["다"]]);
      const { scores, embeddings } = await model.forward(examples, null);
      expect(scores.shape).toEqual([0]);
      expect(embeddings.map(({ shape }) => shape)).toEqual([[2, 32]]);
    });
  });

  it("of examples of different numbers of sentences is refused by the place", async () => {
    const examples = await model.tokenize([["가", "나"], ["다", "라"], ["마"]]);
    const { code, message } = await refusal(model.forward(examples, null));
    expect(code).toBe("INVALID_ARGUMENT");
    expect(message).toContain(
      "examples[2]: expected 2 sentences, as the first of the batch has, got 1",
    );
  });

  it.each(["mean", "cls", "max", "weighted-layers"] as const)(
    "has float32 vectors and scores under autocast, pooling %s",
    async (pooling) => {
      using other = await SentenceEncoder.load(directory, { pooling });
      const examples = await other.tokenize(pairs.slice(0, 4));
      await scope(async () => {
        const plain = await other.forward(examples, null);
        const { scores, embeddings } = await autocast("bfloat16", () =>
          other.forward(examples, null),
        );
        expect([scores, ...embeddings].map(({ dtype }) => dtype)).toEqual(Array(3).fill("float32"));
        expect(largestDifference(scores.toNumbers(), plain.scores.toNumbers())).toBeLessThan(0.2);
      });
    },
  );

  it("says which sentences were cut", async () => {
    using short = await SentenceEncoder.load(directory, { maxLength: 4 });
    const [example] = await short.tokenize([["가", "가 나 다"]]);
    expect(example!.map(({ truncated, ids }) => [truncated, ids.length])).toEqual([
      [false, 3],
      [true, 4],
    ]);
  });
});

describe("a model", () => {
  it("without modules.json pools by the mean", () => {
    expect(model.settings).toMatchObject({ pooling: "mean", normalize: false });
    expect(model.initialised).toEqual([]);
    expect(model.maxLength).toBe(64);
  });

  it("that is saved remembers its label range, length, pooling and prompts", async () => {
    const prompts = { query: "질문: ", document: "" };
    const file = "config_sentence_transformers.json";
    const source = await changed("cls", { [file]: { prompts, default_prompt_name: null } });
    const labelRange = { min: -1, max: 1 };
    using changedModel = await SentenceEncoder.load(source, { labelRange, maxLength: 12 });
    const saved = path.join(directory, "saved");
    await changedModel.save(saved);
    using again = await SentenceEncoder.load(saved);
    expect(again.settings).toMatchObject({ labelRange, maxLength: 12, pooling: "cls" });
    expect(readJson(path.join(saved, file))).toMatchObject({ prompts });
    expect(await again.predict(pairs)).toEqual(await changedModel.predict(pairs));
  });

  it("that gets another pooling than its own has that one", async () => {
    const mean = fixture("sentence-encoders", "mean");
    using cls = await SentenceEncoder.load(mean, { pooling: "cls" });
    using own = await SentenceEncoder.load(mean);
    expect(cls.initialised).toEqual([]);
    expect(await cls.encode("가 나")).not.toEqual(await own.encode("가 나"));

    using layers = await SentenceEncoder.load(mean, { pooling: "weighted-layers" });
    expect(layers.initialised).toEqual(["layer_weights"]);
    expect(layers.parameters.get("layer_weights")!.toNumbers()).toEqual([1, 1, 1]);

    const weighted = fixture("sentence-encoders", "weighted-layers");
    using kept = await SentenceEncoder.load(weighted, { pooling: "weighted-layers" });
    expect(kept.initialised).toEqual([]);
    expect(kept.parameters.get("layer_weights")!.toNumbers()).toEqual([0.5, 1, 2]);
  });

  it("whose own pooling is not supported loads with one that is asked for", async () => {
    const source = await changed("mean", {
      "1_Pooling/config.json": { pooling_mode: "lasttoken" },
    });
    using other = await SentenceEncoder.load(source, { pooling: "mean" });
    using mean = await SentenceEncoder.load(fixture("sentence-encoders", "mean"));
    expect(await other.encode("가 나")).toEqual(await mean.encode("가 나"));
  });

  it("that is disposed ends what is in flight with DISPOSED and frees everything", async () => {
    const before = memory();
    const other = await SentenceEncoder.load(directory);
    const scores = other.predict(pairs, { batchSize: 1 });
    const vectors = other.encode(sentences, { batchSize: 1 });
    const outcomes = Promise.allSettled([scores, vectors]);
    await new Promise((resolve) => setImmediate(resolve));
    other.dispose();
    for (const outcome of await outcomes) {
      expect(outcome).toMatchObject({ status: "rejected", reason: { code: "DISPOSED" } });
    }
    await expect(other.encode("가")).rejects.toMatchObject({ code: "DISPOSED" });
    expect(memory()).toEqual(before);
  });

  it("leaves no tensor behind but its weights, also when loaded inside a scope", async () => {
    const before = memory();
    const weighted = fixture("sentence-encoders", "weighted-layers");
    using other = await scope(() => SentenceEncoder.load(weighted));
    await other.encode(sentences);
    await other.similarity(await other.encode(sentences), await other.encode(sentences));
    await other.predict(pairs);
    expect(memory().tensors).toBe(before.tensors + other.parameters.size);
  });
});

describe("a model that cannot be computed is refused by its file, with what can be", () => {
  const moduleOf = (type: string, path = type) => ({
    path,
    type: type.includes(".") ? type : `sentence_transformers.models.${type}`,
  });
  const modules = (...types: string[]) => ({
    "modules.json": [moduleOf("Transformer", ""), ...types.map((type) => moduleOf(type, type))],
  });
  const pooling = (config: object) => ({ "1_Pooling/config.json": config });
  const transformer = (config: object) => ({ "sentence_bert_config.json": config });

  const cases: [string, string, object, string, RegExp][] = [
    [
      "another module",
      "mean",
      modules("Pooling", "Dense"),
      "UNSUPPORTED_MODEL",
      /modules\.json: the modules Transformer, Pooling, Dense are not supported.*Normalize \(optional\)/,
    ],
    ["a module of its own", "mean", modules("my.Pooling"), "UNSUPPORTED_MODEL", /my\.Pooling/],
    ["no pooling", "mean", modules(), "UNSUPPORTED_MODEL", /the modules Transformer are/],
    [
      "several poolings, by flags",
      "mean",
      pooling({ pooling_mode_cls_token: true, pooling_mode_mean_tokens: true }),
      "UNSUPPORTED_MODEL",
      /1_Pooling.config\.json: several poolings, cls and mean, .* cls, mean, max/,
    ],
    [
      "several poolings, by name",
      "mean",
      pooling({ pooling_mode: ["max", "mean"] }),
      "UNSUPPORTED_MODEL",
      /several poolings, max and mean/,
    ],
    [
      "another pooling, by its flag",
      "mean",
      pooling({ pooling_mode_mean_sqrt_len_tokens: true }),
      "UNSUPPORTED_MODEL",
      /the pooling mean_sqrt_len is/,
    ],
    [
      "another pooling, by its name",
      "mean",
      pooling({ pooling_mode: "lasttoken" }),
      "UNSUPPORTED_MODEL",
      /the pooling lasttoken is/,
    ],
    [
      "a pooling that is no text",
      "mean",
      pooling({ pooling_mode: 3 }),
      "CHECKPOINT_CORRUPT",
      /1_Pooling.config\.json: pooling_mode: /,
    ],
    [
      "no configuration of the pooling",
      "mean",
      { "1_Pooling/config.json": null },
      "NOT_FOUND",
      /1_Pooling.config\.json: there is no such file.*sub-directories/,
    ],
    [
      "some layers",
      "weighted-layers",
      { "1_WeightedLayerPooling/config.json": { layer_start: 1 } },
      "UNSUPPORTED_MODEL",
      /layer_start 1 is not supported/,
    ],
    [
      "layers of cls",
      "weighted-layers",
      { "2_Pooling/config.json": { pooling_mode: "cls" } },
      "UNSUPPORTED_MODEL",
      /cls after a WeightedLayerPooling/,
    ],
    [
      "no layer weights",
      "weighted-layers",
      { "1_WeightedLayerPooling/model.safetensors": null },
      "NOT_FOUND",
      /1_WeightedLayerPooling: no weights found/,
    ],
    [
      "a text before sentences",
      "mean",
      {
        "config_sentence_transformers.json": { prompts: { q: "질문: " }, default_prompt_name: "q" },
      },
      "UNSUPPORTED_MODEL",
      /config_sentence_transformers\.json: default_prompt_name: .*질문/,
    ],
    [
      "another task",
      "mean",
      transformer({ transformer_task: "fill-mask" }),
      "UNSUPPORTED_MODEL",
      /transformer_task: expected "feature-extraction"/,
    ],
    [
      "another output",
      "mean",
      transformer({
        modality_config: { text: { method: "forward", method_output_name: "pooler_output" } },
      }),
      "UNSUPPORTED_MODEL",
      /modality_config\.text\.method_output_name/,
    ],
    [
      "a length of 0",
      "mean",
      transformer({ max_seq_length: 0 }),
      "CHECKPOINT_CORRUPT",
      /max_seq_length: /,
    ],
    [
      "token vectors of length 1",
      "max-normalize",
      { "2_Normalize/config.json": { module_input_name: "token_embeddings" } },
      "UNSUPPORTED_MODEL",
      /2_Normalize.config\.json/,
    ],
    [
      "a directory elsewhere",
      "mean",
      { "modules.json": [moduleOf("Transformer", "../x")] },
      "CHECKPOINT_CORRUPT",
      /modules\.json: 0\.path: expected the plain name/,
    ],
    [
      "damaged JSON",
      "mean",
      { "modules.json": "[" },
      "CHECKPOINT_CORRUPT",
      /modules\.json: is not valid JSON/,
    ],
  ];

  it.each(cases)("%s", async (_, name, files, code, message) => {
    const error = await refusal(SentenceEncoder.load(await changed(name, files as never)));
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
  });

  it.each([
    [
      { pooling: "median" },
      /pooling: expected one of cls, mean, max, weighted-layers, got "median"/,
    ],
    [{ maxLength: 65 }, /maxLength: expected an integer from 1 to the model's limit of 64/],
    [{ labelRange: { min: 5, max: 0 } }, /labelRange/],
  ])("the options %j", async (options, message) => {
    const error = await refusal(SentenceEncoder.load(directory, options as SentenceEncoderOptions));
    expect(error.code).toBe("INVALID_ARGUMENT");
    expect(error.message).toMatch(message);
  });
});
