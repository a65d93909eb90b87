/** What a failed `fetch` was about, such as `ENOTFOUND`, which it hides one or two causes deep. */
export function networkReason(error: unknown): string {
  let deepest = error as { cause?: unknown; code?: string; message?: string };
  while (typeof deepest.cause === "object" && deepest.cause !== null) deepest = deepest.cause;
  return deepest.code ?? deepest.message ?? String(error);
}
