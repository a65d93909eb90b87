import path from "node:path";
import { z } from "zod";
import { sentenceTransformersFile } from "../../checkpoint/hub-files.js";
import { readJsonFile } from "../../checkpoint/json-file.js";
import type { HeadOutput } from "../../losses/head-output.js";
import type { HuggingFaceConfig } from "../config.js";

const modelSchema = z.looseObject({
  model_type: z.string().nullish(),
  activation_fn: z.string().nullish(),
});

/** Of `config.json`, where versions before 6 keep it. */
const configSchema = z.looseObject({
  sentence_transformers: z.looseObject({ activation_fn: z.string().nullish() }).nullish(),
  sbert_ce_default_activation_function: z.string().nullish(),
});

const readModel = (directory: string) =>
  readJsonFile(path.join(directory, sentenceTransformersFile), modelSchema);

/**
 * Whether sentence-transformers saved a cross-encoder there; since version 6 it lists the modules of
 * one, too.
 * @throws StsError `CHECKPOINT_CORRUPT`, `IO_FAILED`
 */
export const isCrossEncoder = async (directory: string): Promise<boolean> =>
  (await readModel(directory))?.model_type === "CrossEncoder";

/**
 * What a cross-encoder of sentence-transformers makes of its logit. Where nothing is said it is the
 * score itself, as in transformers.
 * @throws StsError `CHECKPOINT_CORRUPT`, `IO_FAILED`
 */
export async function readOutput(
  directory: string,
  { values }: HuggingFaceConfig,
): Promise<HeadOutput> {
  const config = configSchema.safeParse(values).data;
  const activation =
    (await readModel(directory))?.activation_fn ??
    config?.sentence_transformers?.activation_fn ??
    config?.sbert_ce_default_activation_function;
  return { type: activation?.endsWith(".Sigmoid") ? "probability" : "regression" };
}

/** What tells sentence-transformers the same in `config.json`: by default it takes the sigmoid. */
export const outputEntry = ({ type }: HeadOutput): HuggingFaceConfig["values"] => ({
  sentence_transformers: {
    activation_fn:
      type === "probability"
        ? "torch.nn.modules.activation.Sigmoid"
        : "torch.nn.modules.linear.Identity",
  },
});
