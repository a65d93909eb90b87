import path from "node:path";
import { alternate, ours } from "../alternate.mjs";
import { sum } from "../figures.mjs";
import {
  lengthsOf,
  loadShuffled,
  maxLength,
  prepareModel,
  seed,
  takePairs,
  visitingOrder,
  writePairs,
} from "../inputs.mjs";
import { toResult } from "../result.mjs";
import { megabytes, microseconds, milliseconds, times, toTable } from "../table.mjs";

/** So small that what we do beside the arithmetic shows. */
const small = { hidden_size: 128, intermediate_size: 512, num_attention_heads: 4 };

/** Microseconds for each token, in training and predicting more and more pairs. */
export async function growth(options) {
  const { layers, sizes, rounds } = options;
  const { model } = await prepareModel(options, { ...small, num_hidden_layers: layers });
  const pairs = await loadShuffled(options.data);
  const cases = [];
  for (const size of sizes) {
    cases.push(await trainingOf(options, model, takePairs(pairs, size)));
    cases.push(await predictionOf(options, model, takePairs(pairs, size)));
  }
  const contestants = new Map(cases.map(({ name, command }) => [name, command]));
  const measured = await alternate(contestants, rounds);
  const figures = cases.map(({ name, job, size, tokens }) => ({
    ...{ job, size, ...measured[name] },
    microsecondsPerToken: (1e6 * measured[name].seconds) / tokens,
    processorMicrosecondsPerToken: (1e6 * measured[name].processorSeconds) / tokens,
  }));
  return describe(options, figures);
}

async function trainingOf({ batchSize, warmUp, runs }, model, pairs) {
  const size = pairs.length;
  const steps = Math.ceil(size / batchSize) - warmUp;
  const visited = visitingOrder(size).map((index) => pairs[index]);
  const lengths = await lengthsOf(model, visited.slice(warmUp * batchSize));
  const train = writePairs(path.join(runs, `train-${size}.jsonl`), pairs);
  const output = path.join(runs, "train");
  const task = { model, train, output, batchSize, steps, warmUp, maxLength, seed };
  const command = ours("train.mjs", { ...task, precision: "fp32" });
  return { name: `train ${size}`, job: "train", size, tokens: sum(lengths), command };
}

async function predictionOf({ runs }, model, pairs) {
  const size = pairs.length;
  const file = writePairs(path.join(runs, `pairs-${size}.jsonl`), pairs);
  // Until JavaScript is compiled for good, which would count for the fewest pairs alone.
  const warmUp = 1000;
  const task = {
    ...{ model, precision: "fp32", batchSize: 32, singles: 10, maxLength, pairs: file },
    warmUp,
  };
  const tokens = sum(await lengthsOf(model, pairs));
  return {
    name: `predict ${size}`,
    job: "predict",
    size,
    tokens,
    command: ours("predict.mjs", task),
  };
}

function describe(options, figures) {
  const perToken = (job) => figures.filter((figure) => figure.job === job);
  const growthOf = (job) => {
    const [first] = perToken(job);
    return perToken(job).at(-1).microsecondsPerToken / first.microsecondsPerToken;
  };
  const rows = ["train", "predict"]
    .flatMap(perToken)
    .map((figure) => [
      `${figure.job} ${figure.size.toLocaleString("en-US")} pairs`,
      microseconds(figure.microsecondsPerToken),
      times(figure.microsecondsPerToken / perToken(figure.job)[0].microsecondsPerToken),
      microseconds(figure.processorMicrosecondsPerToken),
      megabytes(figure.peakBytes),
      milliseconds(figure.eventLoopP99),
    ]);
  const text = [
    `growth, ${options.layers} layers × ${small.hidden_size}, medians of ${options.rounds} runs`,
    toTable([
      ["", "a token", "of the fewest", "processor time", "peak RSS", "event loop p99"],
      ...rows,
    ]),
  ].join("\n");
  const job = { ...options, name: "growth", unit: "µs/token", best: "lower" };
  const largest = perToken("train").at(-1).microsecondsPerToken;
  const result = toResult(job, largest, {}, { figures });
  return {
    text,
    result: { ...result, growth: { train: growthOf("train"), predict: growthOf("predict") } },
  };
}
