import { spawnSync } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { CrossEncoder, type CrossEncoderOptions } from "../../lib/models/cross-encoder.js";
import { loadModel } from "../../lib/models/load-model.js";
import { isTruncated } from "../../lib/models/pair-model.js";
import { SentenceEncoder } from "../../lib/models/sentence-encoder.js";
import { memory } from "../../lib/tensor/memory.js";
import { scope } from "../../lib/tensor/scope.js";
import { largestDifference } from "../support/fixtures.js";
import { tinyPairs, writeTinyModel } from "../support/tiny-model.js";

const pairs = tinyPairs(50).map(({ pair }) => pair);
let directory: string;
let model: CrossEncoder;

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "sts-cross-encoder-"));
  await writeTinyModel(directory);
  model = await CrossEncoder.load(directory);
});
afterAll(async () => {
  model.dispose();
  await rm(directory, { recursive: true });
});

const raw = (batchSize: number) => model.predict(pairs, { batchSize, clamp: false });

it("scores come in the order of the pairs, whatever the batch size", async () => {
  const one = await raw(1);
  expect(largestDifference(await raw(7), one)).toBeLessThan(1e-5);
  expect(largestDifference(await raw(64), one)).toBeLessThan(1e-5);
});

it("scores are clamped to the label range unless raw ones are asked for", async () => {
  const wide = await raw(16);
  expect(wide.some((score) => score < 0 || score > 5)).toBe(true);
  const clamped = await model.predict(pairs);
  expect(clamped).toEqual(wide.map(() => expect.any(Number) as number));
  expect(Math.min(...clamped)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...clamped)).toBeLessThanOrEqual(5);
});

it("no pairs give no scores", async () => {
  expect(await model.predict([])).toEqual([]);
});

it("predictions, also failed ones, leave no tensor behind", async () => {
  const before = memory();
  await raw(8);
  await expect(model.predict(pairs, { batchSize: 0 })).rejects.toMatchObject({
    code: "INVALID_ARGUMENT",
  });
  await expect(model.predict(pairs, { signal: AbortSignal.abort() })).rejects.toMatchObject({
    code: "ABORTED",
  });
  expect(memory()).toEqual(before);
});

it("many predictions in flight give what each gives alone", async () => {
  const expected = await raw(16);
  const all = await Promise.all(
    Array.from({ length: 16 }, () => model.predict(pairs, { batchSize: 16, clamp: false })),
  );
  for (const scores of all) expect(scores).toEqual(expected);
});

it("a disposed model rejects with DISPOSED, also what is in flight, and frees everything", async () => {
  const before = memory();
  const other = await CrossEncoder.load(directory);
  const inFlight = other.predict(pairs, { batchSize: 1 });
  await new Promise((resolve) => setImmediate(resolve));
  other.dispose();
  await expect(inFlight).rejects.toMatchObject({ code: "DISPOSED" });
  await expect(other.predict(pairs)).rejects.toMatchObject({ code: "DISPOSED" });
  expect(memory()).toEqual(before);
});

it("a saved model gives the same scores and remembers its label range and length", async () => {
  const saved = path.join(directory, "saved");
  using ranged = await CrossEncoder.load(directory, {
    labelRange: { min: -1, max: 1 },
    maxLength: 12,
  });
  await ranged.save(saved);
  using again = await CrossEncoder.load(saved);
  expect(again.labelRange).toEqual({ min: -1, max: 1 });
  expect(again.maxLength).toBe(12);
  const scores = await ranged.predict(pairs, { clamp: false });
  expect(await again.predict(pairs, { clamp: false })).toEqual(scores);
});

describe("a head over tokens that was trained", () => {
  const widths = [8];
  const settings = { dropout: 0.2, activation: "tanh", readout: "mean" } as const;
  const saved = () => path.join(directory, "tokens");

  beforeAll(async () => {
    using trained = await CrossEncoder.load(directory, {
      head: { type: "tokens", widths, ...settings },
    });
    await trained.save(saved());
  });

  it.each([
    ["written in another order", { ...settings, widths, type: "tokens" }],
    ["with another dropout", { type: "tokens", widths, ...settings, dropout: 0.1 }],
    ["without what is usual", { type: "tokens", widths }],
  ])("is kept when it is asked for %s", async (_, head) => {
    const options = { head } as CrossEncoderOptions;
    using again = await CrossEncoder.load(saved(), options);
    expect(again.initialised).toEqual([]);
  });

  it.each([
    ["sizes", { type: "tokens", widths: [4], ...settings }],
    ["activation", { type: "tokens", widths, ...settings, activation: "gelu" }],
  ] as const)("is not taken for one of another %s", async (_, { widths: [...sizes], ...head }) => {
    using other = await CrossEncoder.load(saved(), { head: { ...head, widths: sizes } });
    expect(other.initialised).toContain("token_head.0.weight");
  });
});

it.each([
  [{ head: "layer1" }, /^head: expected object/],
  [{ head: { type: "tokens" } }, /^head: widths: /],
  [{ output: "probability" }, /^output: expected object/],
  [{ output: { type: "buckets", count: 1 } }, /^output: count: /],
])("the options %j are refused by their key", async (options, message) => {
  const loaded = CrossEncoder.load(directory, options as never);
  await expect(loaded).rejects.toMatchObject({
    code: "INVALID_ARGUMENT",
    message: expect.stringMatching(message) as string,
  });
});

it("a model that is loaded inside a scope outlives it", async () => {
  using other = await scope(() => CrossEncoder.load(directory));
  expect(await other.predict(pairs)).toHaveLength(pairs.length);
});

it.each([
  [["ab"], /pairs\[0\]: expected an array of two sentences/],
  [[["a", "b"], null], /pairs\[1\]/],
  [[["a"]], /pairs\[0\]/],
])("the pairs %j are refused by their place", async (wrong, message) => {
  await expect(model.predict(wrong as never)).rejects.toThrow(message);
});

it.each([
  [5, 0],
  [NaN, 5],
])("a label range from %p to %p is refused", async (min, max) => {
  const before = memory();
  await expect(CrossEncoder.load(directory, { labelRange: { min, max } })).rejects.toMatchObject({
    code: "INVALID_ARGUMENT",
  });
  expect(memory()).toEqual(before);
});

it("a maximum length beyond the model's positions is refused with the limit", async () => {
  await expect(CrossEncoder.load(directory, { maxLength: 65 })).rejects.toMatchObject({
    code: "INVALID_ARGUMENT",
    message: expect.stringContaining("64") as string,
  });
});

it("a tokenizer's limit is the length that is usual, not the longest that there is", async () => {
  const short = path.join(directory, "short");
  await writeTinyModel(short);
  const file = path.join(short, "tokenizer_config.json");
  const config = JSON.parse(await readFile(file, "utf8")) as object;
  await writeFile(file, JSON.stringify({ ...config, model_max_length: 16 }));
  using usual = await CrossEncoder.load(short);
  using longer = await CrossEncoder.load(short, { maxLength: 32 });
  expect([usual.maxLength, longer.maxLength]).toEqual([16, 32]);
});

it("a tokenizer with more tokens than the model has embeddings is refused", async () => {
  const other = path.join(directory, "other");
  await writeTinyModel(other);
  const many = Array.from({ length: 200 }, (_, i) => `token${i}`);
  const vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", ...many];
  await writeFile(path.join(other, "vocab.txt"), vocabulary.join("\n"));
  const before = memory();
  await expect(CrossEncoder.load(other)).rejects.toMatchObject({
    code: "CHECKPOINT_CORRUPT",
    message: expect.stringMatching(/205 tokens.*vocab_size 120/) as string,
  });
  expect(memory()).toEqual(before);
});

it("an output that comes to mean something else is initialised, what is below it is kept", async () => {
  const scored = path.join(directory, "scored");
  await model.save(scored);
  using asked = await CrossEncoder.load(scored, { output: { type: "probability" } });
  expect(asked.initialised).toEqual(["classifier.weight", "classifier.bias"]);
  const dense = "bert.pooler.dense.weight";
  expect(asked.parameters.get(dense)!.toNumbers()).toEqual(
    model.parameters.get(dense)!.toNumbers(),
  );
  using same = await CrossEncoder.load(scored, { output: { type: "regression" } });
  expect(same.initialised).toEqual([]);
});

it.each([
  ["gpu", /device: expected cpu, cuda or cuda:0, got "gpu"/],
  ["cuda:99", /device: (cuda:99 is not there|.*invalid device)/],
])("the device %s, which is not there, is refused by name", async (device, message) => {
  const error = await CrossEncoder.load(directory, { device }).catch((caught: unknown) => caught);
  expect(error).toMatchObject({ message: expect.stringMatching(message) as string });
});

const python = process.env.STS_PEERS_PYTHON;
if (!python)
  console.warn("STS_PEERS_PYTHON is not set: no check that transformers loads our save.");

(python ? it : it.skip)(
  "transformers loads a saved model and gives our logits, to 1e-5",
  async () => {
    const saved = path.join(directory, "for-python");
    await model.save(saved);
    const encodings = (await model.tokenize(pairs.slice(0, 5))).flat();
    const ids = path.join(directory, "ids.json");
    const longest = Math.max(...encodings.map((encoding) => encoding.ids.length));
    const pad = (row: ArrayLike<number>) => [
      ...Array.from(row),
      ...Array<number>(longest - row.length).fill(0),
    ];
    const inputs = {
      input_ids: encodings.map((encoding) => pad(encoding.ids)),
      token_type_ids: encodings.map((encoding) => pad(encoding.typeIds)),
      attention_mask: encodings.map((encoding) => pad(encoding.ids.map(() => 1))),
    };
    await writeFile(ids, JSON.stringify(inputs));
    const { stdout, stderr } = spawnSync(
      python!,
      ["scripts/fixtures/check_saved_model.py", saved, ids],
      { encoding: "utf8" },
    );
    const line = stdout.trim().split("\n").at(-1) ?? stderr;
    const result = JSON.parse(line) as Record<string, unknown> & { logits: number[] };
    expect(result).toMatchObject({ missing: [], unexpected: [], mismatched: [] });
    const scores = await model.predict(pairs.slice(0, 5), { clamp: false });
    expect(largestDifference(scores, result.logits.flat())).toBeLessThan(1e-5);
  },
);

describe("a cross-encoder of sentence-transformers", () => {
  const configFile = () => path.join(directory, "config.json");
  let original: string;
  beforeAll(async () => (original = await readFile(configFile(), "utf8")));
  afterEach(() => writeFile(configFile(), original));

  it.each([
    ["sentence_transformers", { activation_fn: "torch.nn.modules.activation.Sigmoid" }],
    ["sbert_ce_default_activation_function", "torch.nn.modules.activation.Sigmoid"],
  ])("scores with the sigmoid that %s names, on the label scale", async (key, value) => {
    await writeFile(
      configFile(),
      JSON.stringify({ ...(JSON.parse(original) as object), [key]: value }),
    );
    using squashed = await CrossEncoder.load(directory);
    const logits = await model.predict(pairs, { clamp: false });
    const expected = logits.map((logit) => 5 / (1 + Math.exp(-logit)));
    expect(largestDifference(await squashed.predict(pairs), expected)).toBeLessThan(1e-5);
  });

  it("does not pass what it says of its head on to a sentence encoder", async () => {
    const activation = { activation_fn: "torch.nn.modules.linear.Identity" };
    const config = { ...(JSON.parse(original) as object), sentence_transformers: activation };
    await writeFile(configFile(), JSON.stringify(config));
    using encoder = await SentenceEncoder.load(directory);
    const saved = path.join(directory, "encoder");
    await encoder.save(saved);
    expect(await readFile(path.join(saved, "config.json"), "utf8")).not.toContain("activation_fn");
  });

  (python ? it : it.skip).each(["regression", "probability"] as const)(
    "loads a saved model for %s and gives our scores, and what it saves then is read the same",
    async (type) => {
      const saved = path.join(directory, type);
      const again = path.join(directory, `${type}-again`);
      using ours = await CrossEncoder.load(directory, {
        output: { type },
        labelRange: { min: 0, max: 1 },
        // Shorter than the longest pairs.
        maxLength: 8,
      });
      await ours.save(saved);
      const some = pairs.slice(0, 5);
      expect((await ours.tokenize(some)).some(isTruncated)).toBe(true);
      const file = path.join(directory, "pairs.json");
      await writeFile(file, JSON.stringify(some));
      const script = "scripts/fixtures/check_saved_cross_encoder.py";
      const { status, stdout, stderr } = spawnSync(python!, [script, saved, file, again], {
        encoding: "utf8",
      });
      if (status !== 0) throw new Error(stderr);
      const report = JSON.parse(stdout.trim().split("\n").at(-1)!) as { scores: number[] };
      const scores = await ours.predict(some, { clamp: false });
      expect(largestDifference(scores, report.scores)).toBeLessThan(1e-5);
      using theirs = await loadModel(again, { labelRange: { min: 0, max: 1 } });
      expect(theirs).toBeInstanceOf(CrossEncoder);
      expect(theirs.initialised).toEqual([]);
      expect(await theirs.predict(some, { clamp: false })).toEqual(scores);
    },
  );
});
