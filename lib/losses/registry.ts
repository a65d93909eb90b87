import { l1 } from "./l1.js";
import type { Loss } from "./loss.js";
import { mse } from "./mse.js";

/** The losses by the names that the configuration gives them. */
export const losses = { l1, mse } satisfies Record<string, Loss>;

export type LossName = keyof typeof losses;
export const lossNames = Object.keys(losses) as [LossName, ...LossName[]];
