import { rungsOf } from "../../../lib/training/sweep/rungs.js";
import { fixture, readJson } from "../../support/fixtures.js";

const { rungs: cases } = readJson<{
  rungs: {
    candidates: number;
    factor: number;
    epochs: number;
    minEpochs: number | null;
    trials: number[];
    resources: number[];
  }[];
}>(fixture("sweep/scikit-learn.json"));

it("rungs have the candidates and epochs of scikit-learn's HalvingRandomSearchCV", () => {
  expect(cases.length).toBeGreaterThan(300);
  for (const { candidates, factor, epochs, minEpochs, trials, resources } of cases) {
    const rungs = () => rungsOf(candidates, factor, epochs, minEpochs ?? undefined);
    // A single rung halves nothing.
    if (trials.length === 1) expect(rungs).toThrow(/^(candidates|epochs): halving/);
    else {
      expect(rungs()).toEqual(
        trials.map((n, i) => ({ rung: i + 1, trials: n, epochs: resources[i] })),
      );
    }
  }
});

it("is exact where logarithms are not", () => {
  // In floating point the logarithm of 243 to the base 3 is below 5.
  expect(rungsOf(243, 3, 243, 1).map(({ trials }) => trials)).toEqual([243, 81, 27, 9, 3, 1]);
});

it.each([
  [2, 3, 9, undefined, "candidates: halving by a factor of 3 needs at least 3, got 2."],
  [9, 3, 2, undefined, "epochs: halving from 1 by a factor of 3 needs at least 3 epochs"],
  [9, 3, 8, 4, "epochs: halving from 4 by a factor of 3 needs at least 12 epochs"],
  [9, 3, 2, 4, "epochs: halving from 4 by a factor of 3 needs at least 12 epochs"],
])(
  "%i candidates by %i in %i epochs from %s is refused",
  (candidates, factor, epochs, least, what) => {
    expect(() => rungsOf(candidates, factor, epochs, least)).toThrow(what);
  },
);
