import { pairSimilarities } from "../../lib/models/pair-similarities.js";
import { SentenceEncoder } from "../../lib/models/sentence-encoder.js";
import { memory } from "../../lib/tensor/memory.js";
import { fixture, largestDifference, readJson, readValues } from "../support/fixtures.js";

const source = fixture("sentence-encoders", "mean");
const { sentences } = readJson<{ sentences: string[] }>(`${source}/expected.json`);

it("similarities are those of sentence-transformers, and 1 of a sentence with itself", async () => {
  const before = memory();
  {
    using model = await SentenceEncoder.load(source);
    const pairs = sentences.flatMap((one) => sentences.map((other) => [one, other] as const));
    const progress: number[] = [];
    // More than are computed at a time.
    const many = Array.from({ length: Math.ceil(1100 / pairs.length) }, () => pairs).flat();
    const onProgress = (done: number) => progress.push(done);
    const similarities = await pairSimilarities(model, many, { batchSize: 7, onProgress });
    const expected = (await readValues(`${source}/expected.safetensors`)).get("similarity")!;
    for (let begin = 0; begin < many.length; begin += pairs.length) {
      const part = similarities.slice(begin, begin + pairs.length);
      expect(largestDifference(part, expected.values)).toBeLessThan(1e-5);
    }
    for (const [i, [one, other]] of many.entries()) {
      if (one === other) expect(similarities[i]).toBeGreaterThan(1 - 1e-6);
    }
    expect(progress).toEqual([1024, many.length]);
    expect(await pairSimilarities(model, [])).toEqual([]);
  }
  expect(memory()).toEqual(before);
});

it("the signal ends the computation", async () => {
  using model = await SentenceEncoder.load(source);
  const signal = AbortSignal.abort();
  await expect(pairSimilarities(model, [["가", "나"]], { signal })).rejects.toMatchObject({
    code: "ABORTED",
  });
});
