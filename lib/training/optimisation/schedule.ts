/** The share of the peak learning rate, 0 to 1, that optimizer step `step` (from 0) uses. */
export type Schedule = (step: number) => number;

export const scheduleNames = ["linear", "cosine", "constant"] as const;
export type ScheduleName = (typeof scheduleNames)[number];

/**
 * A rise from 0 to 1 over `warmupSteps`, then a fall to 0 at `totalSteps`: along a line or along
 * half a cosine; or no fall.
 * @see transformers, `get_linear_schedule_with_warmup`, `get_cosine_schedule_with_warmup` and
 *   `get_constant_schedule_with_warmup`
 */
export function createSchedule(
  name: ScheduleName,
  warmupSteps: number,
  totalSteps: number,
): Schedule {
  return (step) => {
    if (step < warmupSteps) return step / warmupSteps;
    if (name === "constant") return 1;
    const decaySteps = Math.max(1, totalSteps - warmupSteps);
    const share =
      name === "linear"
        ? (totalSteps - step) / decaySteps
        : 0.5 * (1 + Math.cos((Math.PI * (step - warmupSteps)) / decaySteps));
    return Math.max(0, share);
  };
}
