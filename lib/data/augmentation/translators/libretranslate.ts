import { z } from "zod";
import type { TranslationApi } from "./translation-api.js";

/**
 * LibreTranslate: the public server, which asks for a key, or one of one's own. Servers set their
 * own limits; these are the public one's characters.
 * @see https://docs.libretranslate.com
 */
export const libreTranslate: TranslationApi = {
  title: "LibreTranslate",
  variables: ["LIBRETRANSLATE_API_KEY"],
  keysAreOptional: true,
  limits: { texts: 50, characters: 2000 },
  endpoint: () => "https://libretranslate.com",
  path: "/translate",
  request: (texts, { from, to }, [key]) => ({
    headers: {},
    body: { q: texts, source: from, target: to, format: "text", ...(key && { api_key: key }) },
  }),
  answer: z
    .object({ translatedText: z.array(z.string()) })
    .transform(({ translatedText }) => translatedText),
  refusal: z.object({ error: z.string() }).transform(({ error }) => ({ message: error })),
};
