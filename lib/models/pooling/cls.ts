import type { Pooling } from "./pooling.js";

/** The vector of the first token, as BERT was pre-trained to use it. */
export const cls: Pooling = {
  specs: () => [],
  reads: "first",
  pool: ([states]) => states!,
};
