import { deepl } from "./deepl.js";
import { google } from "./google.js";
import { libreTranslate } from "./libretranslate.js";
import { papago } from "./papago.js";
import type { TranslationApi } from "./translation-api.js";

/** The services that there are clients of. */
export const translationApis = {
  papago,
  google,
  deepl,
  libretranslate: libreTranslate,
} satisfies Record<string, TranslationApi>;

export type TranslatorName = keyof typeof translationApis;

export const translatorNames = Object.keys(translationApis) as [
  TranslatorName,
  ...TranslatorName[],
];
