import path from "node:path";
import { alternate, ours, peer } from "../alternate.mjs";
import { forwardFlops, mean, sum } from "../figures.mjs";
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
import { megabytes, milliseconds, percent, rate, times, toTable } from "../table.mjs";

/** The settings of the peers' Trainer, by what they are called in the table. */
const peers = {
  default: { grouped: false, compiled: false },
  grouped: { grouped: true, compiled: false },
  "grouped and compiled": { grouped: true, compiled: true },
};

/** Pairs a second in training, beside transformers' Trainer on the same pairs in the same steps. */
export async function train(options) {
  const { precision, layers, batchSize, runs: directory, rounds, steps, warmUp } = options;
  const { model, config } = await prepareModel(options, { num_hidden_layers: layers });
  const count = (warmUp + steps) * batchSize;
  const pairs = takePairs(await loadShuffled(options.data), count);
  const visited = visitingOrder(count).map((index) => pairs[index]);
  const lengths = await lengthsOf(model, visited.slice(warmUp * batchSize));
  const task = { model, precision, batchSize, steps, warmUp, maxLength, seed };
  const output = path.join(directory, "train");
  const trainFile = writePairs(path.join(directory, "train.jsonl"), pairs);
  const visitedFile = writePairs(path.join(directory, "visited.jsonl"), visited);
  const rows = Math.round(mean(lengths) * batchSize);
  const contestants = new Map([
    ["ours", ours("train.mjs", { ...task, train: trainFile, output })],
    ["matrix products", ours("rate.mjs", { config, rows, precision })],
    ...Object.entries(options.python ? peers : {}).map(([name, setting]) => [
      name,
      peer(options.python, "train.py", { ...task, ...setting, train: visitedFile, output }),
    ]),
  ]);
  const { "matrix products": machine, ...figures } = await alternate(contestants, rounds);
  const flopsPerPair = (3 * forwardFlops(config, lengths)) / lengths.length;
  for (const figure of Object.values(figures)) {
    figure.utilisation = (figure.pairsPerSecond * flopsPerPair) / machine.flopsPerSecond;
  }
  return describe(options, figures, { machine, tokens: sum(lengths) / lengths.length });
}

function describe(options, figures, { machine, tokens }) {
  const { ours: own, ...others } = figures;
  const { precision, layers, batchSize, rounds, steps } = options;
  const text = [
    `training, ${precision}, ${layers} layers, batch ${batchSize}, ${tokens.toFixed(1)} tokens a pair, ` +
      `medians of ${rounds} runs of ${steps} steps`,
    `matrix products: ${(machine.flopsPerSecond / 1e9).toFixed(0)} GFLOP/s`,
    toTable([
      ["", "pairs/s", "ours is", "utilisation", "peak RSS", "ours is", "event loop p99"],
      ...Object.entries(figures).map(([name, figure]) => [
        name,
        rate(figure.pairsPerSecond),
        times(own.pairsPerSecond / figure.pairsPerSecond),
        percent(figure.utilisation),
        megabytes(figure.peakBytes),
        times(own.peakBytes / figure.peakBytes),
        milliseconds(figure.eventLoopP99),
      ]),
    ]),
    ...Object.entries(others)
      .filter(([, { recompiled }]) => recompiled > 0)
      .map(([name]) => `${name}: compiled while it was measured; give a longer --warm-up`),
  ].join("\n");
  const speeds = Object.entries(others).map(([name, figure]) => [name, figure.pairsPerSecond]);
  const job = { ...options, name: "train", unit: "pairs/s", best: "higher" };
  const result = toResult(job, own.pairsPerSecond, Object.fromEntries(speeds), {
    reference: "default",
    utilisation: own.utilisation,
    figures: { ...figures, "matrix products": machine },
  });
  return { text, result };
}
