import type { AutocastType } from "../../tensor/context.js";
import type { Precision } from "../config.js";

/** The type that autocast computes in; null without autocast. */
export function autocastOf(precision: Precision): AutocastType | null {
  if (precision === "fp32") return null;
  return precision === "bf16" ? "bfloat16" : "float16";
}
