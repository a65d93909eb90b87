import { z } from "zod";
import type { TranslationApi } from "./translation-api.js";

/** Quota Exceeded: the day's limit, or an application for which the API was not chosen. */
const quotaExceeded = "400";

/**
 * Papago Text Translation of NAVER Cloud Platform; a request holds one text.
 * @see https://api.ncloud-docs.com/docs/en/ai-naver-papagonmt
 */
export const papago: TranslationApi = {
  title: "Papago",
  variables: ["PAPAGO_CLIENT_ID", "PAPAGO_CLIENT_SECRET"],
  keysAreOptional: false,
  limits: { texts: 1, characters: 5000 },
  endpoint: () => "https://papago.apigw.ntruss.com",
  path: "/nmt/v1/translation",
  request: ([text], { from, to }, [id = "", secret = ""]) => ({
    headers: { "x-ncp-apigw-api-key-id": id, "x-ncp-apigw-api-key": secret },
    body: { source: from, target: to, text },
  }),
  answer: z
    .object({ message: z.object({ result: z.object({ translatedText: z.string() }) }) })
    .transform(({ message }) => [message.result.translatedText]),
  refusal: z
    .object({ error: z.object({ errorCode: z.string(), message: z.string() }) })
    .transform(({ error: { errorCode, message } }) => ({
      message,
      reason: errorCode === quotaExceeded ? "quota" : undefined,
    })),
};
