import { setTimeout } from "node:timers/promises";

/** The time as requests go by, which tests replace. */
export type Timing = {
  /** Milliseconds. */
  now: () => number;
  /** Ends early, without an error, when the signal fires. */
  pause: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** From 0 to below 1. */
  random: () => number;
};

export const realTiming: Timing = {
  now: () => performance.now(),
  pause: (milliseconds, signal) =>
    setTimeout(milliseconds, undefined, { signal }).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    }),
  random: Math.random,
};
