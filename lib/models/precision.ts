import { z } from "zod";
import { withContext, type AutocastType } from "../tensor/context.js";
import { checkOption } from "./check-option.js";

export const precisions = ["fp32", "bf16", "fp16"] as const;

/** The type of matrix products; weights, sums and normalisations are float32 in any case. */
export type Precision = (typeof precisions)[number];

export const predictionPrecisions = [...precisions, "int8"] as const;

/**
 * Of predictions: in `int8` the encoder's weights are quantised row by row when the model is loaded,
 * and what they are multiplied with batch by batch (dynamic quantisation).
 */
export type PredictionPrecision = (typeof predictionPrecisions)[number];

/**
 * What was asked for over what the model says of itself over float32.
 * @throws StsError `INVALID_ARGUMENT`
 */
export function choosePrecision(
  asked: PredictionPrecision | undefined,
  own: object | null,
): PredictionPrecision {
  const ownPrecision =
    own && "precision" in own ? (own.precision as PredictionPrecision) : undefined;
  return checkOption("precision", z.enum(predictionPrecisions), asked ?? ownPrecision ?? "fp32");
}

/** What a model says of its precision in `sts_config.json`: only bytes are saved as such. */
export const precisionEntry = (precision: PredictionPrecision): { precision?: "int8" } =>
  precision === "int8" ? { precision } : {};

/** Runs what predicts. */
export const predicting = <T>(precision: PredictionPrecision, body: () => T): T =>
  precision === "int8"
    ? withContext({ autocast: null, quantised: true }, body)
    : withContext({ autocast: autocastOf(precision), quantised: false }, body);

/** The type that autocast computes in; null without autocast. */
export function autocastOf(precision: Precision): AutocastType | null {
  if (precision === "fp32") return null;
  return precision === "bf16" ? "bfloat16" : "float16";
}
