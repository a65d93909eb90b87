/** Predicts pairs in batches, then some of them one at a time. */
import { CrossEncoder, readPairs } from "../../../dist/index.js";
import { quantile } from "../figures.mjs";
import { peakBytes, processorSeconds, watchEventLoop } from "./usage.mjs";

const {
  model,
  precision,
  batchSize,
  singles,
  maxLength,
  pairs: file,
  warmUp = 2 * batchSize,
} = JSON.parse(process.argv[2]);
const pairs = [];
for await (const { sentence1, sentence2 } of readPairs(file, { labels: "ignored" }))
  pairs.push([sentence1, sentence2]);
const encoder = await CrossEncoder.load(model, { maxLength, precision });
const [firstScore] = await encoder.predict(pairs.slice(0, warmUp), {
  batchSize,
  clamp: false,
});

const stopWatching = watchEventLoop();
const begin = performance.now();
const worked = processorSeconds();
await encoder.predict(pairs, { batchSize });
const seconds = (performance.now() - begin) / 1000;
const usage = { processorSeconds: processorSeconds() - worked, peakBytes: peakBytes() };
const eventLoopP99 = stopWatching();

const times = [];
for (let i = 0; i < singles + 10; i++) {
  const start = performance.now();
  await encoder.predict([pairs[i % pairs.length]]);
  times.push(performance.now() - start);
}
const measured = times.slice(10);
console.log(
  JSON.stringify({
    ...{ pairsPerSecond: pairs.length / seconds, seconds, eventLoopP99, ...usage },
    ...{ p50: quantile(measured, 0.5), p99: quantile(measured, 0.99), firstScore },
  }),
);
encoder.dispose();
