import type { z } from "zod";
import type { Languages, RequestLimits } from "../translator.js";

/** How one service's HTTP API is spoken, by its documentation. */
export type TranslationApi = {
  /** As people call it. */
  title: string;
  /** The environment variables that hold its keys. */
  variables: readonly string[];
  /** Whether it can be asked without a key, as a server of one's own. */
  keysAreOptional: boolean;
  limits: RequestLimits;
  /** The address below which its paths are. */
  endpoint: (keys: readonly string[]) => string;
  path: string;
  /** @param keys in the order of `variables`; empty where there are none */
  request: (
    texts: readonly string[],
    languages: Languages,
    keys: readonly string[],
  ) => { headers: Record<string, string>; body: object };
  /** The translations in an answer. */
  answer: z.ZodType<string[]>;
  /** What the body of an error says. */
  refusal: z.ZodType<Refusal>;
};

export type Refusal = {
  message: string;
  /** Where the body says more than the status does. */
  reason?: RefusalReason | undefined;
};

/** Asking once more helps with "rate" alone. */
export type RefusalReason = "key" | "quota" | "rate";
