import path from "node:path";
import { pathToFileURL } from "node:url";
import { alternate, peer } from "../alternate.mjs";
import { maxLength, prepareModel } from "../inputs.mjs";
import { toResult } from "../result.mjs";
import { megabytes, seconds, times, toTable } from "../table.mjs";

const root = path.resolve(import.meta.dirname, "../../..");
const sentences = ["오늘 날씨가 좋다.", "날씨가 참 맑네요."];

/** The peers' scripts: import, load, one prediction. */
const peers = { "sentence-transformers": "similarity.py", transformers: "similarity_plain.py" };

/** Seconds from the start of a process to its end with the score of one pair. */
export async function startup(options) {
  const { layers, rounds, python } = options;
  const { model } = await prepareModel(options, { num_hidden_layers: layers });
  const task = { model, sentences, maxLength };
  const contestants = new Map([
    ["ours", similarity(model)],
    ...Object.entries(python ? peers : {}).map(([name, script]) => [
      name,
      peer(python, script, task),
    ]),
  ]);
  const figures = await alternate(contestants, rounds);
  const { ours: own, ...others } = figures;
  const text = [
    `similarity from cold, ${layers} layers, medians of ${rounds} runs`,
    toTable([
      ["", "seconds", "ours is", "peak RSS", "ours is"],
      ...Object.entries(figures).map(([name, figure]) => [
        name,
        seconds(figure.wallSeconds),
        times(own.wallSeconds / figure.wallSeconds),
        megabytes(figure.peakBytes),
        times(own.peakBytes / figure.peakBytes),
      ]),
    ]),
  ].join("\n");
  const times_ = Object.entries(others).map(([name, figure]) => [name, figure.wallSeconds]);
  const job = { ...options, name: "startup", unit: "s", best: "lower" };
  const result = toResult(job, own.wallSeconds, Object.fromEntries(times_), { figures });
  return { text, result };
}

/** The command as a user gives it, and the peak memory of its process when it is over. */
const similarity = (model) => ({
  file: process.execPath,
  args: [
    "--import",
    pathToFileURL(path.join(root, "scripts/bench/ours/tell-memory.mjs")).href,
    path.join(root, "bin/sts-native.mjs"),
    ...["similarity", "--model", model, ...sentences],
  ],
});
