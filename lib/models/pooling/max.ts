import { ops } from "../../tensor/ops.js";
import type { Pooling } from "./pooling.js";

/** The largest value of each dimension over all tokens, special ones included. */
export const max: Pooling = {
  specs: () => [],
  reads: "last",
  pool: (states, batch) =>
    ops.segmentReduce(ops.to(states.at(-1)!, "float32"), "max", batch.lengths),
};
