import { cls } from "./cls.js";
import { max } from "./max.js";
import { mean } from "./mean.js";
import type { Pooling } from "./pooling.js";
import { weightedLayers } from "./weighted-layers.js";

/** The poolings by the names that configurations give them. */
export const poolings = {
  cls,
  mean,
  max,
  "weighted-layers": weightedLayers,
} satisfies Record<string, Pooling>;

export type PoolingName = keyof typeof poolings;
export const poolingNames = Object.keys(poolings) as [PoolingName, ...PoolingName[]];
