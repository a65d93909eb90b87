/**
 * Whether the gains that `vote --fit` and `stack` report can be trusted: simulated members whose true
 * gains are known, from 40,000 more pairs. For docs/ensembles.md.
 *
 *   npm run build:ts && node scripts/ensembling/intervals.mjs [rounds, 100 if not given]
 *
 * A label is even on 0 to 5; a member adds noise that all members share and noise of its own, of the
 * given spreads.
 */
import {
  assess,
  fitRidge,
  fitWeights,
  pearson,
  Random,
  ridgeScores,
  weightedMean,
} from "../../dist/index.js";

const rounds = Number(process.argv[2] ?? 100);
const ensembles = { "equally good": [1, 1, 1], "nearly so": [1, 1.1, 1.2], "one bad": [1, 1, 2.5] };
const learners = {
  vote: (members, labels) => {
    const weights = fitWeights(members, labels);
    return (others) => weightedMean(others, weights);
  },
  stack: (members, labels) => {
    const ridge = fitRidge(members, labels);
    return (others) => ridgeScores(ridge, others);
  },
};

for (const [name, spreads] of Object.entries(ensembles)) {
  for (const n of [100, 550]) {
    for (const [learner, learn] of Object.entries(learners)) {
      const random = new Random(7);
      const fresh = simulate(random, 40_000, spreads);
      const ofMean = pearson(weightedMean(fresh.members, [1, 1, 1]), fresh.labels);
      const verdicts = { better: 0, "within noise": 0, worse: 0 };
      let [held, truth, estimate] = [0, 0, 0];
      for (let seed = 0; seed < rounds; seed++) {
        const { members, labels } = simulate(random, n, spreads);
        const { gainOverMean: gain } = assess(members, labels, learn, { resamples: 400, seed });
        const trueGain = pearson(learn(members, labels)(fresh.members), fresh.labels) - ofMean;
        verdicts[gain.verdict]++;
        if (gain.low <= trueGain && trueGain <= gain.high) held++;
        truth += trueGain / rounds;
        estimate += gain.estimate / rounds;
      }
      console.log(
        `${name}, ${n} pairs, ${learner}: gain over the mean ${truth.toFixed(4)}, estimated ` +
          `${estimate.toFixed(4)}; interval held it ${held} of ${rounds} times; ` +
          JSON.stringify(verdicts),
      );
    }
  }
}

function simulate(random, n, spreads) {
  const normal = () =>
    Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
  const labels = Array.from({ length: n }, () => 5 * random.next());
  const shared = labels.map(() => 0.7 * normal());
  const members = spreads.map((spread) =>
    labels.map((label, i) => label + shared[i] + spread * normal()),
  );
  return { members, labels };
}
