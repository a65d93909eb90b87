import { autocast } from "../../tensor/context.js";
import { ops } from "../../tensor/ops.js";
import { mean } from "./mean.js";
import type { Pooling } from "./pooling.js";

/** Named as in sentence-transformers. */
export const layerWeights = "layer_weights";

/**
 * The mean over all tokens of a learned average of the embeddings' and every layer's output. All
 * weigh the same at first. Lower layers know more of syntax, upper ones more of the objective.
 * @see sentence-transformers, `WeightedLayerPooling`, followed by mean pooling
 */
export const weightedLayers: Pooling = {
  specs: ({ numHiddenLayers }) => [
    { name: layerWeights, shape: [numHiddenLayers + 1], initial: "ones" },
  ],
  reads: "all",
  pool: (states, batch, parameters) =>
    // The shares of the layers need more than 8 bits.
    autocast(null, () => {
      const means = states.map((state) => mean.pool([state], batch, parameters));
      const weights = parameters.get(layerWeights)!;
      const shares = ops.div(weights, ops.sum(weights));
      const [sequences, size] = means[0]!.shape;
      const rows = means.map((vectors) => ops.reshape(vectors, [1, sequences! * size!]));
      const average = ops.matmul(shares, ops.cat(rows));
      return ops.reshape(average, [sequences!, size!]);
    }),
};
