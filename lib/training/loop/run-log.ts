import { EventFile } from "../../tracking/event-file.js";
import type { EventValue } from "../../tracking/event.js";
import {
  histogramValue,
  hyperparametersValue,
  scalarValue,
  textValue,
} from "../../tracking/event-values.js";
import { histogramOf, type Histogram } from "../../tracking/histogram.js";
import { LogFile } from "../../tracking/log-file.js";
import type { EvaluationEvent, StepEvent } from "../events.js";
import type { RunDirectory } from "./run-directory.js";

/** How much of a run's log there is, in bytes of each file. */
export type LogPosition = { logged: number; events: number };

/** Of a step, without what is still to come. */
type StepRecord = Omit<StepEvent, "steps" | "secondsLeft">;

/** What is shown as histograms: values by name, weights by tag. */
type Distributions = {
  distributions: Readonly<Record<string, readonly number[]>>;
  weights: ReadonlyMap<string, Histogram | null>;
};

/** What a run tells as it goes: each event is a line of `metrics.jsonl`, and shown by TensorBoard. */
export class RunLog {
  readonly #lines: LogFile;
  readonly #events: EventFile;

  constructor(directory: RunDirectory) {
    this.#lines = new LogFile(directory.metrics);
    this.#events = new EventFile(directory.path, () => opening(directory));
  }

  /** @throws StsError `IO_FAILED`, as all of these */
  async step(record: StepRecord): Promise<void> {
    const { step, loss, lr, gradNorm, lossScale, skippedSteps, pairsPerSecond } = record;
    await this.#line({ event: "step", ...record });
    await this.#events.append(
      step,
      scalars("train", {
        ...{ loss, lr, grad_norm: gradNorm, pairs_per_second: pairsPerSecond },
        ...{ loss_scale: lossScale, skipped_steps: skippedSteps },
      }),
    );
  }

  async evaluation(
    { step, epoch, isBest, metrics }: EvaluationEvent<object>,
    { distributions, weights }: Distributions,
  ): Promise<void> {
    await this.#line({ event: "evaluation", step, epoch, isBest, ...metrics });
    const histograms = [
      ...Object.entries(distributions).map(
        ([name, values]) => [`dev/${name}`, histogramOf(values)] as const,
      ),
      ...weights,
    ];
    const shown = histograms.flatMap(([tag, each]) => (each ? histogramValue(tag, each) : []));
    await this.#events.append(step, [...metricScalars("dev", metrics), ...shown]);
  }

  /**
   * Shows what the weights came to on test; `summary.json` has it, too.
   * @param step that made them
   */
  test(step: number, metrics: object): Promise<void> {
    return this.#events.append(step, metricScalars("test", metrics));
  }

  /** Brings all to the disk. */
  async sync(): Promise<LogPosition> {
    return { logged: await this.#lines.sync(), events: await this.#events.sync() };
  }

  /** Drops what was told since. */
  async rewind({ logged, events }: LogPosition): Promise<void> {
    await this.#lines.truncate(logged);
    await this.#events.rewind(events);
  }

  #line(event: object): Promise<void> {
    return this.#lines.append(`${JSON.stringify(event)}\n`);
  }
}

/** The configuration, to be read and to be compared. */
async function opening(directory: RunDirectory): Promise<EventValue[]> {
  const { text, values } = await directory.readConfig();
  const settings = Object.entries(values).filter(([name]) => name !== "output");
  // What is indented is shown as it stands.
  const markdown = text.replace(/^/gm, "    ");
  return [textValue("config", markdown), hyperparametersValue(Object.fromEntries(settings))];
}

/** How many pairs there are is no curve. */
const metricScalars = (set: string, metrics: object): EventValue[] =>
  scalars(set, Object.fromEntries(Object.entries(metrics).filter(([name]) => name !== "n")));

const scalars = (group: string, values: Readonly<Record<string, unknown>>): EventValue[] =>
  Object.entries(values).flatMap(([name, value]) =>
    typeof value === "number" ? scalarValue(`${group}/${name}`, value) : [],
  );
