import { StsError } from "../../foundation/errors.js";
import { parameterDepths } from "../../models/parameter-depth.js";
import { namesMatching } from "./pattern.js";

/**
 * The parameters that training leaves as they are.
 *
 * - `none`;
 * - a fraction, such as `1/3` or `0.5`: the embeddings and that part of the layers from below,
 *   rounded down;
 * - a whole number: the embeddings and as many layers;
 * - anything else: a regular expression that is looked for in the parameters' names.
 *
 * A prefix that is frozen as a whole needs no gradients: its backward is not computed and its
 * activations are not kept.
 * @see Lee et al. (2019), "What Would Elsa Do? Freezing Layers During Transformer Fine-Tuning"
 * @throws StsError `INVALID_ARGUMENT`
 */
export function frozenParameters(
  names: readonly string[],
  freeze: string | number,
): ReadonlySet<string> {
  const text = String(freeze).trim();
  if (text === "none") return new Set();
  const layersFrozen = layerRule(text);
  if (!layersFrozen) return new Set(namesMatching(text, names, "freeze"));
  const depths = parameterDepths(names);
  return new Set(
    names.filter((name) => {
      const { depth, layers } = depths.get(name)!;
      return layers > 0 && depth <= layersFrozen(layers);
    }),
  );
}

/** How many of an encoder's layers a number freezes; undefined for what is no number. */
function layerRule(text: string): ((layers: number) => number) | undefined {
  if (/^\d+$/.test(text)) return (layers) => wholeNumber(Number(text), layers);
  const [, numerator, denominator = "1"] = /^(\d+(?:\.\d+)?)(?:\s*\/\s*(\d+))?$/.exec(text) ?? [];
  if (numerator === undefined) return undefined;
  const fraction = Number(numerator) / Number(denominator);
  if (!(fraction >= 0 && fraction <= 1)) {
    throw new StsError(
      "INVALID_ARGUMENT",
      `freeze: expected a fraction from 0 to 1, such as 1/3, got ${text}.`,
    );
  }
  // Thirds are not exact: 2/3 of 3 layers are 2.
  return (layers) => Math.floor(fraction * layers + 1e-9);
}

function wholeNumber(count: number, layers: number): number {
  if (count <= layers) return count;
  throw new StsError(
    "INVALID_ARGUMENT",
    `freeze: expected at most the encoder's ${layers} layers, got ${count}.`,
  );
}
