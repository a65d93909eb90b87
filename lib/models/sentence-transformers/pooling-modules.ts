import path from "node:path";
import { z } from "zod";
import { readJsonFile } from "../../checkpoint/json-file.js";
import { StsError } from "../../foundation/errors.js";
import type { PoolingName } from "../pooling/registry.js";

/** A pooling and where its parameters lie; null where it has none, or none yet. */
export type PoolingSource = { name: PoolingName; weights: string | null };

const poolingSchema = z.looseObject({
  pooling_mode: z.union([z.string(), z.array(z.string()).min(1)]).nullish(),
});

const layersSchema = z.looseObject({ layer_start: z.int().nonnegative().default(4) });

const plainModes = ["cls", "mean", "max"] as const;

/**
 * Reads the configuration of the modules that make one vector of a sentence's tokens.
 * @param layers the directory of the WeightedLayerPooling module, if there is one
 * @param pooling the directory of the Pooling module
 * @param asked the pooling that takes the place of the saved one, which is then not looked at
 * @throws StsError `CHECKPOINT_CORRUPT`, `UNSUPPORTED_MODEL`, `NOT_FOUND`, `IO_FAILED`
 */
export async function readPoolingModules(
  layers: string | undefined,
  pooling: string,
  asked: PoolingName | undefined,
): Promise<PoolingSource> {
  const asksForSaved = asked === "weighted-layers" && layers !== undefined;
  if (asked !== undefined && !asksForSaved) return { name: asked, weights: null };
  const file = path.join(pooling, "config.json");
  const mode = requireOneMode(file, modesOf(await readPresent(file, poolingSchema)));
  if (layers === undefined) return { name: mode, weights: null };
  if (mode !== "mean") {
    throw unsupported(file, `the pooling ${mode} after a WeightedLayerPooling module`, ["mean"]);
  }
  await requireAllLayers(path.join(layers, "config.json"));
  return { name: "weighted-layers", weights: layers };
}

/** The poolings whose vectors are put side by side; one in almost every model. */
function modesOf(config: z.output<typeof poolingSchema>): string[] {
  if (config.pooling_mode) return [config.pooling_mode].flat();
  // Versions before 6 have a flag for each: pooling_mode_cls_token, pooling_mode_mean_tokens, …
  const flags = Object.keys(config).filter(
    (key) => key.startsWith("pooling_mode_") && config[key] === true,
  );
  return flags.length === 0
    ? ["mean"]
    : flags.map((key) => key.replace(/^pooling_mode_|_tokens?$/g, ""));
}

function requireOneMode(file: string, modes: readonly string[]): (typeof plainModes)[number] {
  const mode = plainModes.find((name) => modes.length === 1 && name === modes[0]);
  if (mode) return mode;
  const what =
    modes.length === 1 ? `the pooling ${modes[0]!}` : `several poolings, ${modes.join(" and ")},`;
  throw unsupported(file, what, plainModes);
}

async function requireAllLayers(file: string): Promise<void> {
  const { layer_start: start } = await readPresent(file, layersSchema);
  if (start !== 0)
    throw unsupported(file, `layer_start ${start}`, ["0, the embeddings and all layers"]);
}

async function readPresent<Schema extends z.ZodType>(
  file: string,
  schema: Schema,
): Promise<z.output<Schema>> {
  const config = await readJsonFile(file, schema);
  if (config !== null) return config;
  throw new StsError(
    "NOT_FOUND",
    `${file}: there is no such file, although modules.json names its directory. ` +
      "Copy the model with its sub-directories.",
  );
}

const unsupported = (file: string, what: string, supported: readonly string[]): StsError =>
  new StsError(
    "UNSUPPORTED_MODEL",
    `${file}: ${what} is not supported. Supported: ${supported.join(", ")}. ` +
      "To fine-tune the encoder with another pooling, ask for that.",
  );
