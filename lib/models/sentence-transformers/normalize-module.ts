import path from "node:path";
import { z } from "zod";
import { firstProblem, readJsonFile } from "../../checkpoint/json-file.js";
import { StsError } from "../../foundation/errors.js";

const computedSchema = z.looseObject({
  module_input_name: z.literal("sentence_embedding").nullish(),
  module_output_name: z.literal("sentence_embedding").nullish(),
});

/**
 * Whether a model has a Normalize module.
 * @param directory where its file lies, if it has one; older versions write none
 * @throws StsError `CHECKPOINT_CORRUPT`, `UNSUPPORTED_MODEL`, `IO_FAILED`
 */
export async function readNormalizeModule(directory: string | undefined): Promise<boolean> {
  if (directory === undefined) return false;
  const file = path.join(directory, "config.json");
  const { error } = computedSchema.safeParse((await readJsonFile(file, z.looseObject({}))) ?? {});
  if (!error) return true;
  const message = `${file}: this kind of Normalize module is not supported: ${firstProblem(error)}.`;
  throw new StsError("UNSUPPORTED_MODEL", message);
}
