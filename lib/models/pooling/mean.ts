import { ops } from "../../tensor/ops.js";
import type { Pooling } from "./pooling.js";

/**
 * The mean of the vectors of all tokens, special ones included.
 * @see Reimers and Gurevych (2019), "Sentence-BERT", where it is the best of the three
 */
export const mean: Pooling = {
  specs: () => [],
  reads: "last",
  pool: (states, batch) =>
    ops.segmentReduce(ops.to(states.at(-1)!, "float32"), "mean", batch.lengths),
};
