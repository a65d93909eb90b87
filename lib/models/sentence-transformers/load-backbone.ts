import { scope } from "../../tensor/scope.js";
import { Backbone, type Description } from "../backbone.js";
import type { Parameters, ParameterSpec } from "../parameters.js";
import { poolings } from "../pooling/registry.js";
import { loadWeights } from "../weights.js";
import type { Layout } from "./layout.js";

/**
 * Reads the encoder's weights and the pooling's.
 * @throws StsError `NOT_FOUND`, `CHECKPOINT_CORRUPT`
 */
export async function loadBackbone(
  { encoder, pooling }: Layout,
  description: Description,
  seed: number,
): Promise<Backbone> {
  const specs = poolings[pooling.name].specs(description.config);
  // The scope frees what has been read when the rest cannot be.
  const { backbone } = await scope(async () => {
    const head =
      pooling.weights === null
        ? { specs, seed }
        : { specs: [], seed, read: await read(pooling.weights, specs) };
    const backbone = await Backbone.load(encoder, description, head);
    return { backbone, parameters: backbone.parameters };
  });
  return backbone;
}

async function read(directory: string, specs: readonly ParameterSpec[]): Promise<Parameters> {
  // They must be there, as an encoder's must; nothing is initialised.
  const { parameters } = await loadWeights({
    directory,
    prefix: "",
    encoder: specs,
    head: [],
    fresh: "nothing",
    fromScratch: false,
    initializerRange: 0,
    seed: 0,
  });
  return parameters;
}
