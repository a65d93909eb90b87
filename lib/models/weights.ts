import { openCheckpoint } from "../checkpoint/open.js";
import type { TensorLocation } from "../checkpoint/location.js";
import { readTensors } from "../checkpoint/tensors.js";
import { StsError } from "../foundation/errors.js";
import { callInBackground } from "../tensor/call.js";
import { currentDevice } from "../tensor/context.js";
import { Generator } from "../tensor/generator.js";
import { scope } from "../tensor/scope.js";
import type { Tensor } from "../tensor/tensor.js";
import { initialise, type ParameterSpec } from "./parameters.js";
import { dequantise, scaleName } from "./quantised-weights.js";

/**
 * What of a head is initialised whatever the checkpoint has: all of it, because it has another one,
 * or the output layer, because its numbers mean something else.
 */
export type Fresh = "nothing" | "output" | "head";

export type WeightsRequest = {
  /** A model directory. */
  directory: string;
  /** The family's prefix, with which the encoder's names below begin. */
  prefix: string;
  /** Must all be there, unless they are `fromScratch`. */
  encoder: readonly ParameterSpec[];
  /** Are initialised where the checkpoint has none, or has an output layer for other labels. */
  head: readonly ParameterSpec[];
  fresh: Fresh;
  /** Whether everything is initialised and the directory need not have any weights. */
  fromScratch: boolean;
  initializerRange: number;
  /** Of the initialisation. */
  seed: number;
};

export type LoadedWeights = {
  /** float32, under the names of the request and in its order. */
  parameters: Map<string, Tensor>;
  /** The parameters that the checkpoint did not have. */
  initialised: string[];
};

/**
 * Finds and reads a model's weights, under their names with or without the family's prefix and
 * with the old `gamma` and `beta`. Other tensors, such as other heads and `position_ids`, stay
 * unread.
 * @throws StsError `CHECKPOINT_CORRUPT`, listing the keys that are missing or of a wrong shape
 */
export const loadWeights = (request: WeightsRequest): Promise<LoadedWeights> =>
  scope(() => readWeights(request));

async function readWeights(request: WeightsRequest): Promise<LoadedWeights> {
  const { tensors } = request.fromScratch ? noCheckpoint : await openCheckpoint(request.directory);
  const find = (spec: ParameterSpec, nameOf = (alias: string) => alias) =>
    aliases(spec.name, request.prefix)
      .map((alias) => tensors.get(nameOf(alias)))
      .find((location) => location !== undefined);

  const required = request.encoder.map((spec) => ({ spec, location: find(spec) }));
  const optional = request.head.map((spec) => {
    const isFresh = request.fresh === "head" || (request.fresh === "output" && spec.isOutput);
    const location = isFresh ? undefined : forTheseLabels(spec, find(spec));
    return { spec, location };
  });
  if (!request.fromScratch) requirePresent(request, required, tensors);
  requireShapes(request.directory, [...required, ...optional]);

  const found = [...required, ...optional].flatMap(({ spec, location }) =>
    location ? [{ name: spec.name, location, scales: find(spec, scaleName) }] : [],
  );
  const read = await readTensors(found.map(({ location }) => location));
  const byName = new Map<string, Tensor>();
  for (const [i, { name, location, scales }] of found.entries()) {
    const isQuantised = location.dtype === "int8" && scales !== undefined;
    const tensor = isQuantised ? await dequantise(read[i]!, scales) : read[i]!;
    byName.set(name, await toFloat32(tensor));
  }

  // On the CPU, so that a seed gives the same weights whatever the device.
  const generator = new Generator(request.seed, "cpu");
  const initialised = [...required, ...optional].flatMap(({ spec, location }) =>
    location ? [] : [spec.name],
  );
  const parameters = new Map<string, Tensor>();
  for (const spec of [...request.encoder, ...request.head]) {
    const given = byName.get(spec.name);
    const tensor = given ?? (await initialise(spec, request.initializerRange, generator));
    parameters.set(spec.name, tensor);
  }
  return { parameters, initialised };
}

const noCheckpoint = { tensors: new Map<string, TensorLocation>() };

type Match = { spec: ParameterSpec; location: TensorLocation | undefined };

/** The names under which checkpoints of various ages hold a parameter. */
function aliases(name: string, prefix: string): string[] {
  const bare = name.startsWith(`${prefix}.`) ? name.slice(prefix.length + 1) : name;
  return [name, bare].flatMap((alias) => [
    alias,
    alias
      .replace(/LayerNorm\.weight$/, "LayerNorm.gamma")
      .replace(/LayerNorm\.bias$/, "LayerNorm.beta"),
  ]);
}

/** An output layer for another number of labels belongs to another task and is not used. */
function forTheseLabels(spec: ParameterSpec, location: TensorLocation | undefined) {
  if (!location || !spec.isOutput || location.shape[0] === spec.shape[0]) return location;
  return String(location.shape.slice(1)) === String(spec.shape.slice(1)) ? undefined : location;
}

function requirePresent(
  request: WeightsRequest,
  matches: readonly Match[],
  tensors: ReadonlyMap<string, TensorLocation>,
): void {
  const missing = matches.filter(({ location }) => !location).map(({ spec }) => spec.name);
  if (missing.length === 0) return;
  const present = list(
    [...tensors.keys()].filter((key) => !missing.includes(key)),
    5,
  );
  throw new StsError(
    "CHECKPOINT_CORRUPT",
    `${request.directory}: ${missing.length} of the encoder's ${matches.length} weights are missing:\n` +
      `${list(missing, 10)}\nThe checkpoint has ${tensors.size} tensors:\n${present}\n` +
      "Check that config.json belongs to these weights.",
  );
}

function requireShapes(directory: string, matches: readonly Match[]): void {
  const wrong = matches.flatMap(({ spec, location }) =>
    location && String(location.shape) !== String(spec.shape)
      ? [`${spec.name}: expected [${spec.shape.join(", ")}], got [${location.shape.join(", ")}]`]
      : [],
  );
  if (wrong.length === 0) return;
  throw new StsError(
    "CHECKPOINT_CORRUPT",
    `${directory}: ${wrong.length} weights do not have the shape that config.json gives them:\n${list(wrong, 10)}`,
  );
}

function list(names: readonly string[], limit: number): string {
  const shown = names.slice(0, limit).map((name) => `  ${name}`);
  if (names.length > limit) shown.push(`  and ${names.length - limit} more`);
  return shown.join("\n");
}

async function toFloat32(tensor: Tensor): Promise<Tensor> {
  const device = currentDevice();
  if (tensor.dtype === "float32" && device === "cpu") return tensor;
  const converted = (await callInBackground(
    "aten::to.device",
    tensor,
    device,
    "float32",
  )) as Tensor;
  tensor.dispose();
  return converted;
}
