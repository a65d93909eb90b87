import { existsSync } from "node:fs";
import { decode, readBytes, splitLines } from "../../data/bytes.js";
import { throwIfAborted } from "../../foundation/abort.js";
import { StsError } from "../../foundation/errors.js";

/** What each step of a run logged, [steps]; NaN where a number was missing or not finite. */
export type StepCurves = {
  step: number[];
  loss: number[];
  lr: number[];
  gradNorm: number[];
};

/** What a run came to at a step: on its dev set, or on the lines that a pre-training holds out. */
export type Evaluation = {
  step: number;
  epoch: number;
  isBest: boolean;
  /** By name, such as `pearson`; null where one is not defined. */
  metrics: Readonly<Record<string, number | null>>;
};

/** What a run has logged so far, `metrics.jsonl`. */
export type RunLog = {
  steps: StepCurves;
  evaluations: Evaluation[];
  /** The epoch of the last step; 0 before the first. */
  epoch: number;
  /** Of the last step; null before it. */
  examplesPerSecond: number | null;
  /** Whether the last line is broken off, as of a process that was killed while writing it. */
  isTorn: boolean;
};

export const emptyLog = (): RunLog => ({
  steps: { step: [], loss: [], lr: [], gradNorm: [] },
  evaluations: [],
  epoch: 0,
  examplesPerSecond: null,
  isTorn: false,
});

/**
 * Reads what a run has logged; there may be nothing yet. A last line that is broken off is left out.
 * @throws StsError `INVALID_DATA` with the line that is no event, `IO_FAILED`, `ABORTED`
 */
export async function readLog(file: string, signal?: AbortSignal): Promise<RunLog> {
  const log = emptyLog();
  if (!existsSync(file)) return log;
  let broken: number | undefined;
  for await (const { line, bytes } of splitLines(readBytes(file))) {
    throwIfAborted(signal, "The reading of runs");
    if (broken !== undefined) throw notAnEvent(file, broken);
    const event = parseEvent(bytes);
    if (event === undefined) broken = line;
    else add(log, event);
  }
  return { ...log, isTorn: broken !== undefined };
}

type Event = Readonly<Record<string, unknown>> & { step: number; epoch: number };

function parseEvent(bytes: Buffer): Event | undefined {
  try {
    const value: unknown = JSON.parse(decode(bytes));
    return isEvent(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const isEvent = (value: unknown): value is Event =>
  typeof value === "object" &&
  value !== null &&
  ["step", "epoch"].every((key) => typeof (value as Record<string, unknown>)[key] === "number");

function add(log: RunLog, { event, step, epoch, ...fields }: Event): void {
  if (event === "step") {
    const { loss, lr, gradNorm, pairsPerSecond } = fields;
    log.steps.step.push(step);
    log.steps.loss.push(numberOf(loss));
    log.steps.lr.push(numberOf(lr));
    log.steps.gradNorm.push(numberOf(gradNorm));
    log.epoch = epoch;
    log.examplesPerSecond = typeof pairsPerSecond === "number" ? pairsPerSecond : null;
  } else if (event === "evaluation") {
    const { isBest, ...others } = fields;
    log.evaluations.push({ step, epoch, isBest: isBest === true, metrics: metricsOf(others) });
  }
}

/** JSON has no NaN and no infinity: they are null in the file. */
const numberOf = (value: unknown): number => (typeof value === "number" ? value : NaN);

export function metricsOf(fields: Readonly<Record<string, unknown>>): Evaluation["metrics"] {
  const metrics = Object.entries(fields).filter(
    (entry): entry is [string, number | null] => typeof entry[1] === "number" || entry[1] === null,
  );
  return Object.fromEntries(metrics);
}

const notAnEvent = (file: string, line: number): StsError =>
  new StsError(
    "INVALID_DATA",
    `${file}:${line}: is not an event as a run logs it, a JSON object with step and epoch. Restore the ` +
      "file, or remove the line.",
  );
