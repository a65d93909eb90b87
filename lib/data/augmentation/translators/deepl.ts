import { z } from "zod";
import type { TranslationApi } from "./translation-api.js";

/** Keys of the free plan end so, and have a host of their own. */
const isFree = (key: string) => key.endsWith(":fx");

/** A source has no region. */
const sourceCode = (language: string) => language.split("-")[0]!.toUpperCase();

/** English as a target must say which. */
const targetCode = (language: string) =>
  language.toUpperCase() === "EN" ? "EN-US" : language.toUpperCase();

/**
 * DeepL, version 2. A body may have 128 KiB: this many characters never have more, however they are
 * escaped.
 * @see https://developers.deepl.com/docs/api-reference/translate
 */
export const deepl: TranslationApi = {
  title: "DeepL",
  variables: ["DEEPL_AUTH_KEY"],
  keysAreOptional: false,
  limits: { texts: 50, characters: 20_000 },
  endpoint: ([key = ""]) => (isFree(key) ? "https://api-free.deepl.com" : "https://api.deepl.com"),
  path: "/v2/translate",
  request: (texts, { from, to }, [key = ""]) => ({
    headers: { authorization: `DeepL-Auth-Key ${key}` },
    body: { text: texts, source_lang: sourceCode(from), target_lang: targetCode(to) },
  }),
  answer: z
    .object({ translations: z.array(z.object({ text: z.string() })) })
    .transform(({ translations }) => translations.map(({ text }) => text)),
  refusal: z.object({ message: z.string() }),
};
