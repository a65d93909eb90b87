import { existsSync } from "node:fs";
import path from "node:path";
import { resolveModel, type ResolveOptions } from "../checkpoint/hub.js";
import type { ModelTokenizer } from "../text/model-tokenizer.js";
import { Tokenizer } from "../text/tokenizer.js";
import { describeModel, longestSequence } from "./backbone.js";
import { chooseCleaner } from "./choose-cleaner.js";
import { kindOf } from "./load-model.js";
import { readLayout } from "./sentence-transformers/layout.js";
import { readStsConfig, requireSingleModel } from "./sts-config.js";

/**
 * The tokenizer of a model as the model uses it, without the model's weights and without libtorch.
 * A directory that has only a tokenizer will do.
 * @throws StsError `NOT_FOUND`, `CHECKPOINT_CORRUPT`, `UNSUPPORTED_MODEL`, `HUB_FAILED`,
 *   `INVALID_ARGUMENT` for an ensemble, whose members have tokenizers of their own
 */
export async function loadTokenizer(
  nameOrPath: string,
  options: ResolveOptions = {},
): Promise<ModelTokenizer> {
  const directory = await resolveModel(nameOrPath, options);
  const own = await readStsConfig(directory);
  requireSingleModel(directory, own);
  const isEncoder = (await kindOf(directory)) === "sentence-encoder";
  const layout = isEncoder ? await readLayout(directory, undefined) : undefined;
  const encoder = layout?.encoder ?? directory;
  const tokenizer = await Tokenizer.load(encoder);
  const usual = layout?.maxLength ?? (own?.kind === "cross-encoder" ? own.maxLength : null);
  const limits = [usual ?? tokenizer.modelMaxLength, await positionsOf(encoder)];
  const least = Math.min(...limits.map((limit) => limit ?? Infinity));
  const cleaner = chooseCleaner(undefined, own);
  return {
    model: nameOrPath,
    tokenizer,
    read: (sentence) => {
      const cleaned = cleaner.clean(sentence);
      return layout?.lowercase ? cleaned.toLowerCase() : cleaned;
    },
    maxLength: Number.isFinite(least) ? least : null,
  };
}

/** Null where there is a tokenizer but no model. */
const positionsOf = async (directory: string): Promise<number | null> =>
  existsSync(path.join(directory, "config.json"))
    ? longestSequence(await describeModel(directory))
    : null;
