import { invalidArgument } from "../../foundation/errors.js";
import { type TranslationOptions, type Translations, translateTexts } from "./translate-texts.js";
import type { Translator } from "./translator.js";

export type BackTranslationOptions = TranslationOptions & {
  translator: Translator;
  /** The language of the sentences, by the translator's code. */
  from: string;
  /** The language that they are translated into, and back from. */
  via: string;
};

export type BackTranslations = {
  /** By sentence; one without a back-translation is absent. */
  sentences: ReadonlyMap<string, string>;
  /** What it took, into the other language and back. */
  there: Omit<Translations, "translations">;
  back: Omit<Translations, "translations">;
};

/**
 * Translates sentences into another language and back, each different one once; see
 * {@link translateTexts}.
 * @throws StsError `INVALID_ARGUMENT`, `IO_FAILED`, `TRANSLATION_FAILED`, `ABORTED`
 * @see Sennrich, Haddow and Birch (2016), "Improving Neural Machine Translation Models with
 *   Monolingual Data"
 */
export async function backTranslate(
  sentences: readonly string[],
  { translator, from, via, ...options }: BackTranslationOptions,
): Promise<BackTranslations> {
  if (from === via) throw invalidArgument("via", "another language than from", via);
  const translate = (texts: readonly string[], from: string, to: string) =>
    translateTexts(texts, translator, { from, to }, options);
  const { translations: there, ...thereStatistics } = await translate(sentences, from, via);
  const { translations: back, ...backStatistics } = await translate([...there.values()], via, from);
  const pairs = [...there].flatMap(([sentence, translation]): [string, string][] => {
    const again = back.get(translation);
    return again === undefined ? [] : [[sentence, again]];
  });
  return { sentences: new Map(pairs), there: thereStatistics, back: backStatistics };
}
