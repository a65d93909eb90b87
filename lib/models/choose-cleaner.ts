import { Cleaner } from "../text/cleaning/cleaner.js";
import type { CleaningOptions, CleaningPreset, CleaningRules } from "../text/cleaning/rules.js";
import type { StsConfig } from "./sts-config.js";

/**
 * What was asked for over what the model says of itself over nothing.
 * @throws StsError `INVALID_ARGUMENT`
 */
export function chooseCleaner(
  asked: CleaningOptions | CleaningPreset | undefined,
  own: StsConfig | null,
): Cleaner {
  const ownRules = own && "cleaning" in own ? own.cleaning : undefined;
  return new Cleaner(asked ?? ownRules ?? "none");
}

/** What a model says of its cleaning in `sts_config.json`. */
export const cleaningEntry = ({ isOff, rules }: Cleaner): { cleaning?: CleaningRules } =>
  isOff ? {} : { cleaning: rules };
