import { writeFileSync } from "node:fs";
import path from "node:path";
import { tinyPairs, writeTinyData, writeTinyModel } from "../support/tiny-model.js";
import { expectMistake, lastLine, stsNative, temporaryDirectory } from "./support.js";

const directory = temporaryDirectory();
const run = (...args: string[]) => stsNative(args, { cwd: directory });

beforeAll(async () => {
  await writeTinyModel(path.join(directory, "model"));
  await writeTinyData(path.join(directory, "train.csv"), 40);
  const lines = tinyPairs(80).map(({ pair }) => pair.join(" "));
  writeFileSync(path.join(directory, "text.txt"), lines.join("\n"));
});

it("pretrain adapts an encoder, from which train goes on", async () => {
  const flags = ["--text", "text.txt", "--max-length", "16", "--lr", "1e-3"];
  const outcome = await run("pretrain", "--model", "model", ...flags, "--output", "pre", "--json");
  expect(outcome.stderr).toContain("lines: 72 to learn from, 8 held out\n");
  expect(outcome.stderr).toMatch(/epoch 1, step 3: loss \d+\.\d{4}, perplexity .* best\n/);
  expect(outcome).toMatchObject({ code: 0 });
  expect(lastLine(outcome)).toMatchObject({ steps: 3, output: "pre", best: { step: 3 } });

  const again = await run("pretrain", "--resume", "pre", "--json");
  expect(lastLine(again)).toEqual(lastLine(outcome));
  expectMistake(
    await run("train", "--resume", "pre"),
    /to go on with it: sts-native pretrain --resume pre/,
  );

  const next = ["train", "--model", "pre/best", "--train", "train.csv", "--output", "run"];
  expect(await run(...next, "--epochs", "1")).toMatchObject({ code: 0 });
});

it("what is frozen is shown, and that fp16 is slow on a CPU", async () => {
  const flags = ["--text", "text.txt", "--max-length", "16", "--output", "frozen"];
  const settings = ["--freeze", "1/2", "--precision", "fp16"];
  const { code, stderr } = await run("pretrain", "--model", "model", ...flags, ...settings);
  expect(code).toBe(0);
  expect(stderr).toMatch(/frozen: bert\.embeddings, bert\.encoder\.layer\.0 \([\d,]+ parameters\)/);
  expect(stderr).toContain("warning: fp16 is the slow type on a CPU");
});

it.each<[string[], RegExp]>([
  [["--model", "model", "--text", "text.txt"], /missing: --output/],
  [["--model", "model", "--text", "no.txt", "--output", "a"], /no\.txt: no such file/],
  [["--model", "no-model", "--text", "text.txt", "--output", "a"], /no-model/],
  [
    ["--model", "model", "--text", "text.txt", "--output", "a", "--set", "emaDecay=0.9"],
    /emaDecay does nothing without average: ema/,
  ],
  [
    ["--model", "model", "--text", "text.txt", "--output", "a"].concat([
      "--eval-steps",
      "2",
      "--set",
      "evalEpochs=1",
    ]),
    /evalSteps and evalEpochs exclude each other/,
  ],
  [["--resume", "train.csv"], /train\.csv: is not the directory of a run/],
  [["--resume", "pre", "--epochs", "3"], /leave out --epochs/],
  [["--model", "model", "--text", "text.txt", "--output", "a", "--max-length", "900"], /maxLength/],
])("%j is one clear mistake", async (args, message) => {
  const outcome = await run("pretrain", ...args);
  expectMistake(outcome, message);
  expect(outcome.code).toBe(2);
});
