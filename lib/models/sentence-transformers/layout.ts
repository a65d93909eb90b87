import path from "node:path";
import { z } from "zod";
import { sentenceTransformersFile } from "../../checkpoint/hub-files.js";
import { readJsonFile } from "../../checkpoint/json-file.js";
import { moduleListFile, readModuleList, type ModuleList } from "../../checkpoint/module-list.js";
import { StsError, describe } from "../../foundation/errors.js";
import type { PoolingName } from "../pooling/registry.js";
import { isCrossEncoder } from "./cross-encoder.js";
import { readNormalizeModule } from "./normalize-module.js";
import { readPoolingModules, type PoolingSource } from "./pooling-modules.js";
import { readTransformerModule } from "./transformer-module.js";

/** What the files of a model say about turning sentences into vectors. */
export type Layout = {
  /** The directory of `config.json`, the encoder's weights and the tokenizer. */
  encoder: string;
  /** Tokens of a sentence at most; null where it is not said. */
  maxLength: number | null;
  /** Whether sentences are lowercased before the tokenizer sees them. */
  lowercase: boolean;
  pooling: PoolingSource;
  /** Whether vectors leave the model with length 1. */
  normalize: boolean;
  /** `config_sentence_transformers.json`, kept whole, so that a saved model says what its source did. */
  config: Readonly<Record<string, unknown>>;
};

/** In the order in which a sentence passes through them. */
const supported = "Transformer, WeightedLayerPooling (optional), Pooling, Normalize (optional)";

/**
 * Reads a sentence encoder that sentence-transformers saved, or a model of another kind, whose
 * pooling is the mean.
 * @param asked the pooling that takes the place of the saved one, which is then not looked at
 * @throws StsError `CHECKPOINT_CORRUPT`, `UNSUPPORTED_MODEL`, `NOT_FOUND`, `IO_FAILED`
 */
export async function readLayout(
  directory: string,
  asked: PoolingName | undefined,
): Promise<Layout> {
  const list = await readModuleList(directory);
  if (list === null || (await isCrossEncoder(directory))) {
    return layoutOfTransformers(directory, asked);
  }
  const modules = named(directory, list);
  const place = (name: string) => {
    const found = modules.find((module) => module.name === name);
    return found && path.join(directory, found.path);
  };
  const encoder = place("Transformer")!;
  return {
    encoder,
    ...(await readTransformerModule(encoder)),
    pooling: await readPoolingModules(place("WeightedLayerPooling"), place("Pooling")!, asked),
    normalize: await readNormalizeModule(place("Normalize")),
    config: await readModelConfig(directory),
  };
}

const layoutOfTransformers = (directory: string, asked: PoolingName | undefined): Layout => ({
  encoder: directory,
  maxLength: null,
  lowercase: false,
  pooling: { name: asked ?? "mean", weights: null },
  normalize: false,
  config: {},
});

/** The modules by the names of their classes, which have moved between versions. */
function named(directory: string, list: ModuleList): { name: string; path: string }[] {
  const modules = list.map(({ type, path }) => ({
    name: /^sentence_transformers\.(?:\w+\.)*(\w+)$/.exec(type)?.[1] ?? type,
    path,
  }));
  const names = modules.map(({ name }) => name);
  if (/^Transformer( WeightedLayerPooling)? Pooling( Normalize)?$/.test(names.join(" "))) {
    return modules;
  }
  throw new StsError(
    "UNSUPPORTED_MODEL",
    `${path.join(directory, moduleListFile)}: the modules ${names.join(", ")} are not supported. ` +
      `Supported: ${supported}.`,
  );
}

const modelConfigSchema = z.looseObject({
  prompts: z.record(z.string(), z.string().nullable()).nullish(),
  default_prompt_name: z.string().nullish(),
});

async function readModelConfig(directory: string): Promise<Layout["config"]> {
  const file = path.join(directory, sentenceTransformersFile);
  const config: z.output<typeof modelConfigSchema> =
    (await readJsonFile(file, modelConfigSchema)) ?? {};
  const { default_prompt_name: name, prompts } = config;
  if (!name || !prompts?.[name]) return config;
  throw new StsError(
    "UNSUPPORTED_MODEL",
    `${file}: default_prompt_name: a text before every sentence, here ${describe(prompts[name])}, ` +
      "is not supported. Supported: null; put the text in front of the sentences yourself.",
  );
}
