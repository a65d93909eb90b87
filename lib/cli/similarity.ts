import { z } from "zod";
import { StsError } from "../foundation/errors.js";
import type { PairModel } from "../models/pair-model.js";
import type { Command } from "./command.js";
import { digits } from "./format.js";
import { interruptible } from "./interruptible.js";
import { settingsOf } from "./read-flags.js";
import { loadForScoring, scoringSchema } from "./scoring.js";

const schema = z.strictObject({
  model: scoringSchema.shape.model,
  maxLength: scoringSchema.shape.maxLength,
  device: scoringSchema.shape.device,
  precision: scoringSchema.shape.precision,
});

export const similarity: Command = {
  name: "similarity",
  summary: "Scores how alike two sentences are.",
  operands: '"sentence one" "sentence two"',
  example: '--model runs/first/best "배송이 정말 빨라요." "빠르게 도착했습니다."',
  schema,
  async run({ given, words }, output) {
    const settings = settingsOf(schema, { given, words: [] });
    const pair = requirePair(words);
    const score = await interruptible(output, "Stopping.", async (signal) => {
      using model = await loadForScoring(settings, output, signal);
      for (const sentence of pair.filter((each) => wouldBeEmpty(model, each))) {
        output.warn(
          `cleaning would leave nothing of ${JSON.stringify(sentence)}, which stays as it is`,
        );
      }
      const [value] = await model.predict([pair], { signal });
      return value!;
    });
    output.print(digits(score));
    output.result({ score });
    return 0;
  },
};

const wouldBeEmpty = ({ readers }: PairModel, sentence: string): boolean =>
  readers.some(({ cleaner }) => cleaner.explain(sentence).wouldBeEmpty);

function requirePair(words: readonly string[]): readonly [string, string] {
  const [sentence1, sentence2] = words;
  if (words.length !== 2) {
    throw new StsError(
      "INVALID_ARGUMENT",
      `expected two sentences, each in quotes, got ${words.length}.`,
    );
  }
  if (words.some((word) => word.trim() === "")) {
    throw new StsError("INVALID_ARGUMENT", "a sentence is empty.");
  }
  return [sentence1!, sentence2!];
}
