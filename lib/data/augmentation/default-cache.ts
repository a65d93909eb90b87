import os from "node:os";
import path from "node:path";

/** Where translations are kept if nothing else is said: all data sets of a user share them. */
export function defaultTranslationCache(): string {
  const { XDG_CACHE_HOME: own = "" } = process.env;
  return path.join(own === "" ? path.join(os.homedir(), ".cache") : own, "sts-native/translations");
}
