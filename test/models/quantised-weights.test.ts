import { readFileSync } from "node:fs";
import path from "node:path";
import { CrossEncoder } from "../../lib/models/cross-encoder.js";
import { loadModel } from "../../lib/models/load-model.js";
import { SentenceEncoder } from "../../lib/models/sentence-encoder.js";
import { VotingModel } from "../../lib/models/voting-model.js";
import { memory } from "../../lib/tensor/memory.js";
import { Trainer } from "../../lib/training/trainer.js";
import { readJson } from "../support/fixtures.js";
import { tinyPairs, writeTinyData, writeTinyModel } from "../support/tiny-model.js";
import { temporaryDirectory } from "../cli/support.js";

const directory = temporaryDirectory();
const at = (...names: string[]) => path.join(directory, ...names);
const pairs = tinyPairs(40).map(({ pair }) => pair);
const raw = { clamp: false };

beforeAll(() => writeTinyModel(at("model")));

/** The dtypes of a safetensors file by the names of its tensors. */
function dtypesIn(file: string): Map<string, string> {
  const bytes = readFileSync(file);
  const length = Number(bytes.readBigUInt64LE());
  const header = JSON.parse(bytes.subarray(8, 8 + length).toString()) as Record<string, { dtype: string }>; // prettier-ignore
  return new Map(Object.entries(header).map(([name, { dtype }]) => [name, dtype]));
}

it("a saved int8 model predicts as the one it was saved from, and says what it is", async () => {
  const before = memory();
  {
    using model = await CrossEncoder.load(at("model"), { precision: "int8" });
    await model.save(at("int8"));
    using saved = await loadModel(at("int8"));
    expect(saved.precision).toBe("int8");
    const [ours, theirs] = [await model.predict(pairs, raw), await saved.predict(pairs, raw)];
    ours.forEach((score, i) => expect(theirs[i]).toBeCloseTo(score, 5));
  }
  expect(memory()).toEqual(before);
  const dtypes = dtypesIn(at("int8", "model.safetensors"));
  const weight = "bert.encoder.layer.0.attention.self.query.weight";
  expect([dtypes.get(weight), dtypes.get(`${weight}_scale`)]).toEqual(["I8", "F32"]);
  expect(dtypes.get("bert.embeddings.word_embeddings.weight")).toBe("F32");
  expect(readJson(at("int8", "config.json"))).toMatchObject({
    quantization_config: { quant_method: "sts-native-int8" },
  });
});

it("its weights are those of the model, to half a step of their row's scale", async () => {
  using model = await CrossEncoder.load(at("model"));
  using saved = await CrossEncoder.load(at("int8"), { precision: "fp32" });
  for (const [name, tensor] of model.parameters) {
    const values = tensor.toNumbers();
    const rows = tensor.shape[0]!;
    const size = values.length / rows;
    const others = saved.parameters.get(name)!.toNumbers();
    for (let row = 0; row < rows; row++) {
      const own = values.slice(row * size, (row + 1) * size);
      const step = Math.max(...own.map(Math.abs)) / 127;
      const furthest = Math.max(
        ...own.map((value, i) => Math.abs(value - others[row * size + i]!)),
      );
      expect(furthest).toBeLessThanOrEqual(step * 0.501);
    }
  }
});

it("in another precision it is saved with float32 weights again", async () => {
  using model = await CrossEncoder.load(at("int8"), { precision: "fp32" });
  await model.save(at("again"));
  expect([...dtypesIn(at("again", "model.safetensors")).values()]).not.toContain("I8");
  expect(readJson(at("again", "config.json"))).not.toHaveProperty("quantization_config");
  using again = await loadModel(at("again"));
  expect(again.precision).toBe("fp32");
});

it("sentence encoders and ensembles are saved so, too", async () => {
  using encoder = await SentenceEncoder.load(at("model"), { precision: "int8" });
  await encoder.save(at("sentences"));
  using saved = await SentenceEncoder.load(at("sentences"));
  const [ours, theirs] = [await encoder.encode("가 나 다"), await saved.encode("가 나 다")];
  ours[0]!.forEach((value, i) => expect(theirs[0]![i]).toBeCloseTo(value, 5));
  const member = () => CrossEncoder.load(at("model"), { precision: "int8" });
  using voting = VotingModel.create([await member(), await member()]);
  await voting.save(at("voting"));
  using loaded = await loadModel(at("voting"));
  expect(loaded.precision).toBe("int8");
  const [voted, again] = [await voting.predict(pairs, raw), await loaded.predict(pairs, raw)];
  voted.forEach((score, i) => expect(again[i]).toBeCloseTo(score, 5));
});

it("training from an int8 model learns and saves float32 weights", async () => {
  await writeTinyData(at("train.csv"), 32);
  const train = at("train.csv");
  const options = { train, dev: train, epochs: 1, output: at("run") };
  await new Trainer({ model: at("int8"), ...options }).train();
  expect([...dtypesIn(at("run", "best", "model.safetensors")).values()]).not.toContain("I8");
});
