/** Trains for some steps; the first ones are not measured. */
import { rmSync } from "node:fs";
import { Trainer } from "../../../dist/index.js";
import { peakBytes, processorSeconds, watchEventLoop } from "./usage.mjs";

const { steps, warmUp, batchSize, output, ...settings } = JSON.parse(process.argv[2]);
let begin;
let worked;
let stopWatching;

rmSync(output, { recursive: true, force: true });
await new Trainer(
  { ...settings, output, batchSize, epochs: 1, fullTrain: true },
  { callbacks: { onStep } },
).train();

function onStep({ step }) {
  if (step === warmUp) {
    begin = performance.now();
    worked = processorSeconds();
    stopWatching = watchEventLoop();
  }
  if (step < warmUp + steps) return;
  const seconds = (performance.now() - begin) / 1000;
  const pairsPerSecond = (steps * batchSize) / seconds;
  const figures = { pairsPerSecond, seconds, processorSeconds: processorSeconds() - worked };
  const usage = { peakBytes: peakBytes(), eventLoopP99: stopWatching() };
  console.log(JSON.stringify({ ...figures, ...usage }));
  // Saving the run is not the steps'.
  process.exit(0);
}
