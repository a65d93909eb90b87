import type { PredictionsDescription } from "../../lib/data/description/description.js";
import { loadPairs } from "../../lib/data/read-pairs.js";
import { loadPredictions } from "../../lib/data/read-predictions.js";
import { describePredictions } from "../../lib/evaluation/predictions-description.js";
import { expectClose } from "../support/close.js";
import { fixture, readJson } from "../support/fixtures.js";

const files = { path: "p.csv", data: "d.csv" };

const pairsOf = (labels: readonly (number | null)[], source?: string) =>
  labels.map((label, i) => ({
    ...{ id: String(i), sentence1: "가", sentence2: "나", label, line: i + 2 },
    ...(source === undefined ? {} : { source }),
  }));

test("predictions are described as scipy and scikit-learn describe them", async () => {
  const expected = readJson<PredictionsDescription>(fixture("eda", "predictions.json"));
  const { path, data } = expected;
  const { pairs } = await loadPairs(data, { labels: "optional" });
  const targets = new Map((await loadPredictions(path)).map(({ id, target }) => [id, target]));
  const predictions = pairs.map(({ id }) => targets.get(id)!);
  expectClose(describePredictions(pairs, predictions, { path, data, examples: 3 }), expected);
});

it("predictions without labels have a distribution and no errors", () => {
  const described = describePredictions(pairsOf([null, null]), [1, 6], files);
  expect(described.labelled).toBeNull();
  expect(described.predictions).toMatchObject({ n: 2, mean: 3.5, histogram: { above: 1 } });
});

it("a single label is too few for a correlation", () => {
  expect(describePredictions(pairsOf([1, null]), [1, 2], files).labelled).toBeNull();
});

it("a bucket without pairs, a constant source and constant predictions have no figures", () => {
  const { labelled } = describePredictions(pairsOf([0, 5, 5], "a"), [2, 2, 2], files);
  expect(labelled!.metrics).toMatchObject({ pearson: null, spearman: null });
  expect(labelled!.metrics.warnings).toEqual([expect.stringContaining("ConstantInput")]);
  expect(labelled!.byLabel[3]).toEqual({
    ...{ label: 3, n: 0, meanLabel: null, meanPrediction: null, mse: null, mae: null },
  });
  expect(labelled!.bySource).toEqual([
    {
      source: "a",
      n: 3,
      meanLabel: 10 / 3,
      meanPrediction: 2,
      mse: 22 / 3,
      mae: 8 / 3,
      pearson: null,
    },
  ]);
});

it("a prediction beyond the label range counts where the range ends", () => {
  const { labelled } = describePredictions(pairsOf([0, 5]), [-40, 40], files);
  expect(labelled!.byPrediction.map(({ n }) => n)).toEqual([1, 0, 0, 0, 0, 1]);
  expect(labelled!.worst.map(({ line, prediction }) => [line, prediction])).toEqual([
    [2, -40],
    [3, 40],
  ]);
});

it.each([
  ["no pairs", [], [], "INVALID_ARGUMENT"],
  ["too few predictions", [1, 2], [1], "INVALID_ARGUMENT"],
  ["a prediction that is no number", [1, 2], [1, NaN], "NOT_FINITE"],
])("%s cannot be described", (_, labels, predictions, code) => {
  const describing = () => describePredictions(pairsOf(labels), predictions, files);
  expect(describing).toThrow(expect.objectContaining({ code }) as Error);
});
