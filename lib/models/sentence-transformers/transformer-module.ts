import { existsSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { transformerModuleFiles } from "../../checkpoint/hub-files.js";
import { firstProblem, readJsonFile } from "../../checkpoint/json-file.js";
import { StsError } from "../../foundation/errors.js";

const schema = z.looseObject({
  max_seq_length: z.int().positive().nullish(),
  do_lower_case: z.boolean().nullish(),
});

/** What newer versions can have otherwise; this is all that is computed here. */
const computedSchema = z.looseObject({
  transformer_task: z.literal("feature-extraction").nullish(),
  modality_config: z
    .looseObject({
      text: z.looseObject({
        method: z.literal("forward"),
        method_output_name: z.literal("last_hidden_state"),
      }),
    })
    .nullish(),
  module_output_name: z.literal("token_embeddings").nullish(),
  processing_kwargs: z.strictObject({}).nullish(),
});

/**
 * Reads `sentence_bert_config.json`, as it is called whatever the encoder is.
 * @throws StsError `CHECKPOINT_CORRUPT`, `UNSUPPORTED_MODEL`, `IO_FAILED`
 */
export async function readTransformerModule(
  directory: string,
): Promise<{ maxLength: number | null; lowercase: boolean }> {
  const file = transformerModuleFiles
    .map((name) => path.join(directory, name))
    .find((candidate) => existsSync(candidate));
  if (file === undefined) return { maxLength: null, lowercase: false };
  const config = (await readJsonFile(file, schema)) ?? {};
  const { error } = computedSchema.safeParse(config);
  if (error) {
    const message = `${file}: this kind of Transformer module is not supported: ${firstProblem(error)}.`;
    throw new StsError("UNSUPPORTED_MODEL", message);
  }
  return { maxLength: config.max_seq_length ?? null, lowercase: config.do_lower_case ?? false };
}
