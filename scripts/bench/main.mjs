/**
 * Measures us and, where `STS_PEERS_PYTHON` names a Python that has them, the peers, in turn, each
 * run in a process of its own; docs/performance.md says what the figures mean.
 *
 *   npm run bench -- train|predict|startup|growth [--precision bf16] [--layers 6] [--json] …
 *
 * The flags and their defaults are in options.mjs.
 */
import { rmSync } from "node:fs";
import { growth } from "./jobs/growth.mjs";
import { predict } from "./jobs/predict.mjs";
import { startup } from "./jobs/startup.mjs";
import { train } from "./jobs/train.mjs";
import { BenchProblem, readOptions } from "./options.mjs";
import { prepareRuns } from "./inputs.mjs";

const jobs = { train, predict, startup, growth };

try {
  const options = readOptions(process.argv.slice(2), process.env);
  const runs = prepareRuns(options.work);
  try {
    const { text, result } = await jobs[options.job]({ ...options, runs });
    console.log(text);
    if (options.json) console.log(JSON.stringify(result));
  } finally {
    rmSync(runs, { recursive: true, force: true });
  }
} catch (error) {
  if (!(error instanceof BenchProblem)) throw error;
  console.error(`error: ${error.message}`);
  process.exitCode = 2;
}
