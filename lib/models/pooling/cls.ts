import { ops } from "../../tensor/ops.js";
import type { Pooling } from "./pooling.js";

/** The vector of the first token, as BERT was pre-trained to use it. */
export const cls: Pooling = {
  specs: () => [],
  readsAllStates: false,
  pool: (states, batch) => ops.indexSelect(states.at(-1)!, 0, batch.firstTokens),
};
