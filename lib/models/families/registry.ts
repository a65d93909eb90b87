import { StsError, describe } from "../../foundation/errors.js";
import type { HuggingFaceConfig } from "../config.js";
import { bert } from "./bert.js";
import { electra } from "./electra.js";
import type { Family } from "./family.js";
import { roberta, xlmRoberta } from "./roberta.js";

/** The supported families by the `model_type` of `config.json`. */
const families: ReadonlyMap<string, Family> = new Map([
  ["bert", bert],
  ["roberta", roberta],
  ["xlm-roberta", xlmRoberta],
  ["electra", electra],
]);

/** The family of a model. Throws `UNSUPPORTED_MODEL`, listing those that are supported. */
export function findFamily(config: HuggingFaceConfig): Family {
  const type = config.values.model_type;
  const family = typeof type === "string" ? families.get(type) : undefined;
  if (family) return family;
  throw new StsError(
    "UNSUPPORTED_MODEL",
    `${config.file}: model_type ${describe(type)} is not supported; supported are ${[...families.keys()].join(", ")}.`,
  );
}
