import { z } from "zod";
import type { RefusalReason, TranslationApi } from "./translation-api.js";

/** Limits are told with status 403, and a wrong key with status 400. */
const reasons: Readonly<Record<string, RefusalReason>> = {
  userRateLimitExceeded: "rate",
  rateLimitExceeded: "rate",
  dailyLimitExceeded: "quota",
  quotaExceeded: "quota",
  keyInvalid: "key",
  API_KEY_INVALID: "key",
};

const reasoned = z.array(z.object({ reason: z.string().optional() })).default([]);

/**
 * Google Cloud Translation, Basic (v2). Requests of up to 5,000 characters are what it recommends.
 * @see https://cloud.google.com/translate/docs/reference/rest/v2/translate
 * @see https://cloud.google.com/translate/quotas
 */
export const google: TranslationApi = {
  title: "Google Cloud Translation",
  variables: ["GOOGLE_TRANSLATE_API_KEY"],
  keysAreOptional: false,
  limits: { texts: 128, characters: 5000 },
  endpoint: () => "https://translation.googleapis.com",
  path: "/language/translate/v2",
  // In a header the key does not reach the logs that addresses are written to.
  request: (texts, { from, to }, [key = ""]) => ({
    headers: { "x-goog-api-key": key },
    body: { q: texts, source: from, target: to, format: "text" },
  }),
  answer: z
    .object({
      data: z.object({ translations: z.array(z.object({ translatedText: z.string() })) }),
    })
    .transform(({ data }) => data.translations.map(({ translatedText }) => translatedText)),
  refusal: z
    .object({ error: z.object({ message: z.string(), errors: reasoned, details: reasoned }) })
    .transform(({ error: { message, errors, details } }) => ({
      message,
      reason: [...details, ...errors].map(({ reason = "" }) => reasons[reason]).find(Boolean),
    })),
};
