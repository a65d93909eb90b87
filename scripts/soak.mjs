// What 500 training steps and 5,000 predictions leave behind: tensors, memory, a blocked event loop.
//
//   npm run test:soak [-- MODEL TRAIN DEV]
//
// The files default to the embedded model and sample. Exits with 1 when a tensor is left.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { CrossEncoder, Trainer, loadPairs, memory } from "../dist/index.js";

const [model = "models/mini", train = "data/sample/train.csv", dev = "data/sample/dev.csv"] =
  process.argv.slice(2);
const trainingSteps = 500;
const predictions = 5000;
const batchSize = 16;

const directory = mkdtempSync(path.join(tmpdir(), "sts-soak-"));
const delay = monitorEventLoopDelay({ resolution: 1 });
const start = memory();
try {
  report("at the start", {});
  await trainSteps();
  await predictPairs();
} finally {
  rmSync(directory, { recursive: true });
}
if (memory().tensors !== start.tensors) process.exit(1);

/** Measures the event loop from the first step to the last, without loading and evaluation. */
async function trainSteps() {
  const { pairs } = await loadPairs(train, { labels: "required" });
  const stepsPerEpoch = Math.ceil(pairs.length / batchSize);
  const abort = new AbortController();
  const rss = [];
  await new Trainer(
    {
      model,
      train,
      dev,
      output: path.join(directory, "run"),
      batchSize,
      epochs: Math.ceil((trainingSteps + 1) / stepsPerEpoch),
      evalSteps: trainingSteps + 1,
    },
    {
      signal: abort.signal,
      callbacks: {
        onStep({ step }) {
          if (step === 1) delay.enable();
          if (step % 100 === 0) rss.push(megabytes());
          if (step < trainingSteps) return;
          delay.disable();
          report(`in step ${step} of training`, {
            ...loop(),
            "RSS every 100 steps": rss.join(" "),
          });
          abort.abort();
        },
      },
    },
  )
    .train()
    .catch((error) => {
      if (error.code !== "ABORTED") throw error;
    });
  report("after the training", {});
}

async function predictPairs() {
  const { pairs } = await loadPairs(dev, { labels: "ignored" });
  const encoder = await CrossEncoder.load(model);
  report("with a model to predict", {});
  delay.reset();
  delay.enable();
  for (let done = 0; done < predictions; done += pairs.length) {
    const chunk = pairs.slice(0, predictions - done);
    await encoder.predict(chunk.map(({ sentence1, sentence2 }) => [sentence1, sentence2]));
  }
  delay.disable();
  report(`after ${predictions} predictions`, loop());
  encoder.dispose();
  report("after its disposal", {});
}

function report(when, more) {
  const { tensors, bytes } = memory();
  console.log(JSON.stringify({ when, tensors, bytes, "RSS MB": megabytes(), ...more }));
}

function loop() {
  const milliseconds = (nanoseconds) => Number((nanoseconds / 1e6).toFixed(1));
  return {
    "event loop p99 ms": milliseconds(delay.percentile(99)),
    "event loop max ms": milliseconds(delay.max),
  };
}

function megabytes() {
  return Math.round(process.memoryUsage().rss / 1e6);
}
