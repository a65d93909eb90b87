import path from "node:path";
import { existsSync } from "node:fs";
import { alternate, ours, peer, runCommand } from "../alternate.mjs";
import { forwardFlops, mean } from "../figures.mjs";
import {
  lengthsOf,
  loadShuffled,
  maxLength,
  prepareModel,
  takePairs,
  writePairs,
} from "../inputs.mjs";
import { BenchProblem } from "../options.mjs";
import { toResult } from "../result.mjs";
import { megabytes, milliseconds, percent, rate, times, toTable } from "../table.mjs";

/** The peers that compute in a precision: their scripts, by what they are called in the table. */
const peers = {
  fp32: { "sentence-transformers": "predict.py", onnxruntime: "predict_onnxruntime.py" },
  bf16: { "sentence-transformers": "predict.py" },
  int8: { onnxruntime: "predict_onnxruntime.py" },
};

/** How far the score of a pair may be from that of fp32. */
const tolerance = { fp32: 1e-4, bf16: 0.05, int8: 0.1 };

/** Pairs a second from texts to scores, in batches, and the time of one pair alone. */
export async function predict(options) {
  const { precision, layers, batchSize, runs: directory, rounds, singles, python } = options;
  const { model, config } = await prepareModel(options, { num_hidden_layers: layers });
  const pairs = takePairs(await loadShuffled(options.data), options.pairs);
  const lengths = await lengthsOf(model, pairs);
  const file = writePairs(path.join(directory, "pairs.jsonl"), pairs);
  const task = { model, precision, batchSize, singles, maxLength, pairs: file };
  const scripts = python ? peers[precision] : {};
  if ("onnxruntime" in scripts) await exportOnnx(python, model);
  const rows = Math.round(mean(lengths) * batchSize);
  const contestants = new Map([
    ["ours", ours("predict.mjs", task)],
    // There is no rate of 8-bit products to compare with.
    ...(precision === "int8"
      ? []
      : [["matrix products", ours("rate.mjs", { config, rows, precision })]]),
    ...Object.entries(scripts).map(([name, script]) => [name, peer(python, script, task)]),
  ]);
  const { "matrix products": machine, ...figures } = await alternate(contestants, rounds);
  await checkScores(task, figures);
  const flopsPerPair = forwardFlops(config, lengths) / lengths.length;
  for (const figure of Object.values(figures)) {
    if (machine)
      figure.utilisation = (figure.pairsPerSecond * flopsPerPair) / machine.flopsPerSecond;
  }
  return describe(options, figures, { machine, tokens: mean(lengths) });
}

/** All have to compute the same model, and we in the precision that was asked for. */
async function checkScores(task, figures) {
  const { firstScore: exact } = await runCommand(
    ours("predict.mjs", { ...task, precision: "fp32", singles: 1 }),
  );
  for (const [name, { firstScore }] of Object.entries(figures)) {
    if (Math.abs(firstScore - exact) > tolerance[task.precision]) {
      throw new BenchProblem(`${name} scores the first pair ${firstScore}, not ${exact}.`);
    }
  }
  if (task.precision !== "fp32" && figures.ours.firstScore === exact) {
    throw new BenchProblem(`ours has computed in fp32, not in ${task.precision}.`);
  }
}

async function exportOnnx(python, model) {
  if (existsSync(path.join(model, "int8.onnx"))) return;
  console.error("exporting the model for onnxruntime");
  await runCommand(peer(python, "export_onnx.py", { model }));
}

function describe(options, figures, { machine, tokens }) {
  const { ours: own, ...others } = figures;
  const { precision, layers, batchSize, rounds, pairs, singles } = options;
  const text = [
    `predicting, ${precision}, ${layers} layers, batch ${batchSize}, ${tokens.toFixed(1)} tokens a pair, ` +
      `medians of ${rounds} runs of ${pairs} pairs, and ${singles} one at a time`,
    ...(machine ? [`matrix products: ${(machine.flopsPerSecond / 1e9).toFixed(0)} GFLOP/s`] : []),
    toTable([
      [
        ...["", "pairs/s", "ours is", "utilisation", "one pair p50", "ours is", "p99", "p99 ÷ p50"],
        ...["peak RSS", "ours is", "event loop p99"],
      ],
      ...Object.entries(figures).map(([name, figure]) => [
        name,
        rate(figure.pairsPerSecond),
        times(own.pairsPerSecond / figure.pairsPerSecond),
        percent(figure.utilisation),
        milliseconds(figure.p50),
        times(own.p50 / figure.p50),
        milliseconds(figure.p99),
        times(figure.p99 / figure.p50),
        megabytes(figure.peakBytes),
        times(own.peakBytes / figure.peakBytes),
        milliseconds(figure.eventLoopP99),
      ]),
    ]),
  ].join("\n");
  const speeds = Object.entries(others).map(([name, figure]) => [name, figure.pairsPerSecond]);
  const job = { ...options, name: "predict", unit: "pairs/s", best: "higher" };
  const result = toResult(job, own.pairsPerSecond, Object.fromEntries(speeds), {
    utilisation: own.utilisation ?? null,
    figures: machine ? { ...figures, "matrix products": machine } : figures,
  });
  return { text, result };
}
