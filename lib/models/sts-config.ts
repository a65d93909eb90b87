import { readFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { StsError } from "../foundation/errors.js";

/** `sts_config.json`: what Hugging Face's files cannot say of a model. */
const schema = z.strictObject({
  kind: z.literal("cross-encoder"),
  labelRange: z
    .strictObject({ min: z.number(), max: z.number() })
    .refine(({ min, max }) => min < max, "min must be below max"),
  maxLength: z.int().positive(),
});

export type StsConfig = z.infer<typeof schema>;

export const stsConfigFile = "sts_config.json";

/** Reads `sts_config.json`; null where there is none, as in a checkpoint that is not ours. */
export async function readStsConfig(directory: string): Promise<StsConfig | null> {
  const file = path.join(directory, stsConfigFile);
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw new StsError("IO_FAILED", `${file}: cannot be read.`, { cause });
  }
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    const what = cause instanceof z.ZodError ? z.prettifyError(cause) : "is not valid JSON";
    throw new StsError("CHECKPOINT_CORRUPT", `${file}: ${what}`, { cause });
  }
}
