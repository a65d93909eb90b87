import { createSchedule, type ScheduleName } from "../../../lib/training/optimisation/schedule.js";
import { fixture, largestDifference, readJson } from "../../support/fixtures.js";

type Case = { schedule: ScheduleName; warmup: number; total: number; multipliers: number[] };

it.each(readJson<Case[]>(fixture("encoders/schedules.json")))(
  "the $schedule schedule is transformers' for $warmup warm-up steps of $total",
  ({ schedule, warmup, total, multipliers }) => {
    const share = createSchedule(schedule, warmup, total);
    const values = multipliers.map((_, step) => share(step));
    // The fixture holds twelve decimals.
    expect(largestDifference(values, multipliers)).toBeLessThan(1e-11);
  },
);
