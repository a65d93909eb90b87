import path from "node:path";
import { z } from "zod";

import { readJsonFile } from "./json-file.js";

/** What sentence-transformers calls the list of a model's modules. */
export const moduleListFile = "modules.json";

/** It becomes part of paths, so nothing but a plain name is accepted. */
const directoryName = z
  .string()
  .regex(
    /^(\w[\w.-]*)?$/,
    "expected the plain name of a directory, or nothing for the model's own",
  );

const moduleListSchema = z
  .array(
    z.looseObject({
      /** Its Python class: `sentence_transformers.models.Pooling`. */
      type: z.string(),
      /** The directory of its files in that of the model; empty where they are the same. */
      path: directoryName,
    }),
  )
  .min(1);

/** The modules through which a model of sentence-transformers passes its sentences, in order. */
export type ModuleList = z.output<typeof moduleListSchema>;

/**
 * Reads `modules.json`.
 * @returns null where there is none, as in a model of transformers
 * @throws StsError `CHECKPOINT_CORRUPT`, `IO_FAILED`
 */
export const readModuleList = (directory: string): Promise<ModuleList | null> =>
  readJsonFile(path.join(directory, moduleListFile), moduleListSchema);
