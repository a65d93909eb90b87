/**
 * What a team does around a model, in the order in which it does it: look at the data, clean it,
 * cross-validate three models, vote, stack, compare.
 *
 *   npm run example:competition                        the embedded sample and the embedded model
 *   npm run example:competition -- KORSTS TOKENIZER    KorSTS and a small encoder that begins at random
 *
 * KORSTS holds sts-train.tsv, sts-dev.tsv and sts-test.tsv; TOKENIZER is a directory with config.json
 * and a tokenizer. Everything goes to --output, or runs/competition. Models that are there already are
 * not trained again, and one that was stopped goes on.
 */
import { mkdirSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { stsNative } from "./command.mjs";
import { korsts, sample } from "./data.mjs";
import { crossValidate, predict } from "./models.mjs";
import { pearsonOf, table } from "./results.mjs";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { output: { type: "string", default: "runs/competition" } },
});
const begin = performance.now();
const at = (name) => path.join(values.output, name);
mkdirSync(values.output, { recursive: true });

const [directory, tokenizer] = positionals;
const data = directory ? await korsts({ directory, tokenizer, work: values.output }) : sample();
const labelled = { dev: data.dev, test: data.test };
const matching = ["--match", data.match];

// 1. What is in the data, and what cleaning would do to it.
const files = [data.train, data.dev, data.test];
stsNative("eda", ...files, "--model", data.encoder, "--html", at("data.html"));
stsNative("clean", ...files, "--preview", "3");

// 2. Three models, each of five folds. The rules of cleaning are recorded in them.
const members = [
  { name: "cross-encoder", settings: [] },
  { name: "sentence-encoder", settings: ["--architecture", "sentence-encoder"] },
  {
    name: "sentence-encoder-cosent",
    settings: ["--architecture", "sentence-encoder", "--loss", "cosent"],
  },
].map(({ name, settings }, i) => {
  const run = at(name);
  crossValidate(run, data, [...settings, "--seed", String(42 + i)]);
  const fold = path.join(run, "fold-1");
  return {
    name,
    run,
    oneFold: predict(fold, labelled, path.join(fold, "one")),
    allFolds: { ...predict(run, labelled, run), outOfFold: path.join(run, "predictions-oof.csv") },
  };
});
const predictions = (set) => members.map(({ allFolds }) => allFolds[set]);

// 3. Together: the mean, the weights that dev asks for, and what the out-of-fold predictions teach.
const mean = { dev: at("mean-dev.csv"), test: at("mean-test.csv") };
const stacked = { dev: at("stacked-dev.csv"), test: at("stacked-test.csv") };
const outOfFold = predictions("outOfFold").join(",");
for (const set of ["dev", "test"]) {
  stsNative("vote", ...matching, "--output", mean[set], ...predictions(set));
  const learn = ["--labels", data.train, "--oof", outOfFold];
  stsNative("stack", ...matching, ...learn, "--output", stacked[set], ...predictions(set));
}
const weighted = at("weighted-test.csv");
const fit = ["--fit", data.dev, "--dev", predictions("dev").join(",")];
const voted = stsNative("vote", ...matching, ...fit, "--output", weighted, ...predictions("test"));

// 4. Pages to look at, and the table.
stsNative("report", ...members.map(({ run }) => run), "--output", at("runs.html"));
stsNative("eda", data.dev, "--predictions", stacked.dev, "--html", at("predictions.html"));

const figures = async ({ dev, test }) => [
  await pearsonOf(data.dev, dev),
  await pearsonOf(data.test, test),
];
const rows = [];
for (const { name, oneFold, allFolds } of members) {
  rows.push([`${name}, one fold`, ...(await figures(oneFold))]);
  rows.push([`${name}, five folds`, ...(await figures(allFolds))]);
}
rows.push(["vote: the mean", ...(await figures(mean))]);
// On dev itself the weights win by construction: this is the figure of pairs they were not fitted to.
const onNewPairs = voted.fit.crossValidated;
rows.push(["vote: fitted weights", onNewPairs, await pearsonOf(data.test, weighted)]);
rows.push(["stack: ridge", ...(await figures(stacked))]);
console.log(`\n${table(rows)}\n`);
const minutes = (performance.now() - begin) / 60_000;
console.log(
  `${minutes.toFixed(1)} minutes. To look at: ${["data", "predictions", "runs"].map((name) => at(`${name}.html`)).join(", ")}`,
);
