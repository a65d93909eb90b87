/** The process of one measurement: takes it as a message and answers with its result. */
import { StsError } from "../../foundation/errors.js";
import type { Answer } from "./in-process.js";
import { measurePrediction, measureTraining, type Measurement } from "./measure.js";

const answer = (message: Answer) => process.send!(message);

// Whoever started it ends it: Ctrl-C reaches both, and only one is to speak.
process.on("SIGINT", () => undefined);
process.on("disconnect", () => process.exit());
process.once("message", (measurement: Measurement) => void run(measurement));

async function run(measurement: Measurement): Promise<void> {
  const measure = measurement.job === "predict" ? measurePrediction : measureTraining;
  try {
    answer({ result: await measure(measurement) });
  } catch (error) {
    const { code } = error instanceof StsError ? error : { code: "INTERNAL" as const };
    const { message, stack } = error as Error;
    answer({ error: { code, message: code === "INTERNAL" ? (stack ?? message) : message } });
  }
}
