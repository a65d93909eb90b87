import { setMaxListeners } from "node:events";
import { throwIfAborted } from "../../foundation/abort.js";
import { invalidArgument } from "../../foundation/errors.js";
import { Random } from "../random.js";
import { batchTexts, characters } from "./batch-texts.js";
import { Requests, type RequestOptions } from "./requests.js";
import { tidy } from "./tidy.js";
import { realTiming } from "./timing.js";
import { TranslationCache } from "./translation-cache.js";
import type { Languages, Translator } from "./translator.js";

export type TranslationOptions = RequestOptions & {
  /** Directory of the cache, which is made where it is missing. */
  cache: string;
  /** Requests under way at a time. Default: 4. */
  concurrency?: number | undefined;
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: TranslationProgress) => void) | undefined;
};

/** How many different texts have a translation by now, those from the cache among them. */
export type TranslationProgress = { languages: Languages; done: number; total: number };

export type Translations = {
  /** By text; one without a translation is absent. */
  translations: ReadonlyMap<string, string>;
  /** Texts for which the translator was asked, and for which it was not. */
  asked: number;
  cached: number;
  /** Texts longer than the translator takes. */
  tooLong: number;
  /** Lines of the cache that could not be used. */
  damaged: number;
};

/**
 * Translates texts, each different one once, and none that the cache has.
 *
 * What a request brings is on the disk before anything is done with it, and before whoever made it
 * makes the next: a process that is killed loses the answers to `concurrency` requests at most.
 * When a request fails for good or the signal fires, those under way are answered and kept first.
 * @throws StsError `INVALID_ARGUMENT`, `IO_FAILED`, `TRANSLATION_FAILED`, `ABORTED`
 */
export async function translateTexts(
  texts: readonly string[],
  translator: Translator,
  languages: Languages,
  { cache: directory, ...options }: TranslationOptions,
): Promise<Translations> {
  requireLanguages(translator, languages);
  await using cache = await TranslationCache.open(directory, translator.name, languages);
  const different = [...new Set(texts)];
  const unknown = different.filter((text) => cache.get(text) === undefined);
  const short = unknown.filter((text) => characters(text) <= translator.limits.characters);
  const asked = await askForAll(short, different.length - unknown.length, cache, {
    ...options,
    translator,
    languages,
    total: different.length,
  });
  const entries = different.flatMap((text): [string, string][] => {
    const translation = tidy(cache.get(text) ?? "");
    return translation === undefined ? [] : [[text, translation]];
  });
  const { damaged } = cache;
  const tooLong = unknown.length - short.length;
  const cached = different.length - tooLong - asked;
  return { translations: new Map(entries), asked, cached, tooLong, damaged };
}

type Task = Omit<TranslationOptions, "cache"> & {
  translator: Translator;
  languages: Languages;
  total: number;
};

/** @returns for how many texts the translator was asked */
async function askForAll(
  texts: readonly string[],
  known: number,
  cache: TranslationCache,
  { translator, languages, total, concurrency = 4, signal, onProgress, ...options }: Task,
): Promise<number> {
  const requests = new Requests(translator, options);
  let [done, asked] = [known, 0];
  onProgress?.({ languages, done, total });
  const ask = async (batch: readonly string[], stop: AbortSignal) => {
    await cache.refresh();
    const unknown = batch.filter((text) => cache.get(text) === undefined);
    if (unknown.length > 0) {
      await cache.add(unknown, await requests.translate(unknown, languages, stop));
    }
    asked += unknown.length;
    done += batch.length;
    onProgress?.({ languages, done, total });
  };
  // In whatever order, so that two runs at a time do not have the same texts under way all along.
  const { random } = options.timing ?? realTiming;
  const order = new Random(Math.floor(random() * 2 ** 32));
  const batches = order.shuffle(batchTexts(texts, translator.limits));
  await inParallel(batches, concurrency, ask, signal);
  return asked;
}

/** The first error, or the signal, is the end: what is under way comes to its end, nothing begins. */
async function inParallel<T>(
  items: readonly T[],
  concurrency: number,
  work: (item: T, stop: AbortSignal) => Promise<void>,
  signal: AbortSignal = new AbortController().signal,
): Promise<void> {
  if (!Number.isInteger(concurrency) || concurrency < 1) {
    throw invalidArgument("concurrency", "a positive integer", concurrency);
  }
  const failure = new AbortController();
  const stop = AbortSignal.any([signal, failure.signal]);
  // Each worker may wait for it; Node warns of more than ten.
  setMaxListeners(concurrency, stop);
  const queue = items.values();
  const worker = async () => {
    for (const item of queue) {
      if (stop.aborted) return;
      await work(item, stop).catch((error: unknown) => failure.abort(error));
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, items.length) }, worker));
  throwIfAborted(signal, "The translation");
  failure.signal.throwIfAborted();
}

/** Both become the name of a file. */
function requireLanguages({ name }: Translator, { from, to }: Languages): void {
  if (!/^[\w-][\w.-]*$/.test(name)) {
    throw invalidArgument("translator.name", "letters, digits, dots and dashes", name);
  }
  for (const [key, language] of Object.entries({ from, to })) {
    if (/^[A-Za-z]{2,3}(-[A-Za-z\d]{2,8})*$/.test(language)) continue;
    throw invalidArgument(key, "the code of a language, such as ko or zh-CN", language);
  }
}
