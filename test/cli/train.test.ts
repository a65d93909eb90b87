import { existsSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import { CrossEncoder } from "../../lib/models/cross-encoder.js";
import { readJson } from "../support/fixtures.js";
import { writeTinyData, writeTinyModel } from "../support/tiny-model.js";
import { expectMistake, lastLine, stsNative, temporaryDirectory } from "./support.js";

const directory = temporaryDirectory();
const inDirectory = (...parts: string[]) => path.join(directory, ...parts);
const train = (...args: string[]) => stsNative(["train", ...args], { cwd: directory });
const basics = (output: string) => ["--model", "model", "--train", "train.csv", "--output", output];

beforeAll(async () => {
  await writeTinyModel(inDirectory("model"));
  await writeTinyData(inDirectory("train.csv"), 64);
  await writeTinyData(inDirectory("dev.csv"), 20);
});

it("a training tells of itself on stderr, and --json prints summary.json", async () => {
  const outcome = await train(
    ...basics("run"),
    ...["--dev", "dev.csv", "--test", "dev.csv", "--epochs", "2", "--lr", "1e-3", "--json"],
  );
  expect(outcome.code).toBe(0);
  expect(outcome.stdout.trimEnd().split("\n")).toHaveLength(1);
  const summary = lastLine(outcome);
  expect(summary).toEqual(readJson(inDirectory("run", "summary.json")));
  expect(summary).toMatchObject({ steps: 8, output: "run", test: { n: 20 } });
  expect(outcome.stderr).toContain("pairs: train 64, dev 20, test 20\n");
  expect(outcome.stderr).toMatch(/epoch 2, step 8: Pearson -?\d\.\d{4}, Spearman/);
  expect(outcome.stderr).toMatch(/^best +epoch \d, step \d/m);
  expect(outcome.stderr).toContain("sts-native evaluate --model run/best --data FILE");
});

it("without --json the result is on stdout, the progress on stderr", async () => {
  const { code, stdout, stderr } = await train(...basics("plain"), "--epochs", "1");
  expect(code).toBe(0);
  expect(stdout).toMatch(/^best +epoch 1, step 4: Pearson/);
  expect(stdout).toMatch(/^model +plain\/best$/m);
  expect(stderr).toContain("dev 6 (split from train), no test\n");
  expect(stderr).not.toMatch(/^best/m);
});

it("flags win over the file, which wins over the defaults", async () => {
  const file =
    "model: model\ntrain: train.csv\nepochs: 5\nbatchSize: 32\nlabelRange: {min: 0, max: 6}\n";
  writeFileSync(inDirectory("run.yaml"), file);
  const flags = ["--output", "from-file", "--epochs", "1", "--seed", "7"];
  expect(await train("--config", "run.yaml", ...flags)).toMatchObject({ code: 0 });
  const config: unknown = parse(readFileSync(inDirectory("from-file", "config.yaml"), "utf8"));
  expect(config).toMatchObject({
    epochs: 1,
    seed: 7,
    batchSize: 32,
    labelRange: { min: 0, max: 6 },
    accumulation: 1,
  });
});

it("a misspelled key of the file is one mistake, with file, line and what was meant", async () => {
  writeFileSync(inDirectory("wrong.yaml"), "model: model\nbatchsize: 8\n");
  expectMistake(
    await train("--config", "wrong.yaml"),
    'wrong.yaml:2: there is no setting "batchsize". Did you mean "batchSize"?',
  );
});

it("a value of the file that does not fit is one mistake, with file and key", async () => {
  writeFileSync(inDirectory("value.yaml"), "epochs: many\n");
  expectMistake(
    await train("--config", "value.yaml", ...basics("none")),
    /value\.yaml: epochs: .*"many"/,
  );
});

describe("a mistake in what goes in ends with 2, one message, and no run", () => {
  const expectRefused = async (args: string[], message: RegExp) => {
    expectMistake(await train(...args), message);
    expect(existsSync(inDirectory("none"))).toBe(false);
  };

  it("a bad row, with file and line", async () => {
    writeFileSync(inDirectory("bad.csv"), "sentence1,sentence2,label\n가,나,3\n다,라,7\n");
    await expectRefused(
      ["--model", "model", "--train", "bad.csv", "--output", "none"],
      /bad\.csv:3: the label 7 /,
    );
  });

  it("a data file that is not there", () =>
    expectRefused([...basics("none"), "--dev", "no.csv"], /no\.csv: no such file/));

  it("a model that is not there", () =>
    expectRefused(
      ["--model", "./nowhere", "--train", "train.csv", "--output", "none"],
      /\.\/nowhere: there is no such directory/,
    ));

  it("a model that is not supported, with those that are", async () => {
    await writeTinyModel(inDirectory("gpt"));
    const config = readJson<object>(inDirectory("gpt/config.json"));
    writeFileSync(
      inDirectory("gpt/config.json"),
      JSON.stringify({ ...config, model_type: "gpt2" }),
    );
    await expectRefused(
      ["--model", "gpt", "--train", "train.csv", "--output", "none"],
      /gpt2.*bert.*roberta.*electra/is,
    );
  });

  it("weights that were cut off", async () => {
    await writeTinyModel(inDirectory("cut"));
    truncateSync(inDirectory("cut/model.safetensors"), 20_000);
    await expectRefused(
      ["--model", "cut", "--train", "train.csv", "--output", "none"],
      /cut\/model\.safetensors/,
    );
  });
});

it("an output that holds a run already is not overwritten", async () => {
  const before = readFileSync(inDirectory("model/config.json"), "utf8");
  const outcome = await train("--model", "model", "--train", "train.csv", "--output", "model");
  expectMistake(outcome, /output: .*model is not empty/);
  expect(readFileSync(inDirectory("model/config.json"), "utf8")).toBe(before);
});

it("an ensemble without members is told to name them, not a model", async () => {
  const outcome = await train("--architecture", "voting", "--train", "train.csv", "--output", "no");
  expectMistake(outcome, /^error: command line: architecture: voting needs members, such as/);
});

it("rows left out by --on-bad-row skip are listed", async () => {
  const rows = readFileSync(inDirectory("train.csv"), "utf8");
  writeFileSync(inDirectory("some-bad.csv"), `${rows}row-x,가,,3\nrow-y,가,나,9\n`);
  const { code, stderr } = await train(
    ...["--model", "model", "--train", "some-bad.csv", "--dev", "dev.csv"],
    ...["--output", "skipped", "--on-bad-row", "skip", "--epochs", "1"],
  );
  expect(code).toBe(0);
  expect(stderr).toContain("warning: some-bad.csv: 2 rows left out:\n  some-bad.csv:66: ");
  expect(stderr).toContain("\n  some-bad.csv:67: ");
  expect(stderr).toContain("pairs: train 64,");
});

it("techniques come from flags, --set and the file, and the summary says what is frozen", async () => {
  const flags = ["--loss", "l1+huber(delta=0.5)", "--freeze", "1/2", "--pooling", "mean"];
  const settings = ["--set", "layerDecay=0.9", "--set", "average=ema", "--set", "emaDecay=0.5"];
  const outcome = await train(
    ...basics("techniques"),
    ...["--epochs", "1", "--precision", "bf16", ...flags, ...settings],
  );
  expect(outcome.stderr).toContain("frozen: bert.embeddings, bert.encoder.layer.0 (");
  expect(outcome).toMatchObject({ code: 0 });
  const config: unknown = parse(readFileSync(inDirectory("techniques", "config.yaml"), "utf8"));
  expect(config).toMatchObject({
    loss: "l1 + huber(delta=0.5)",
    freeze: "1/2",
    pooling: "mean",
    precision: "bf16",
    layerDecay: 0.9,
    average: "ema",
  });
});

it.each<[string[], RegExp]>([
  [
    ["--set", "layerdecay=0.9"],
    /--set: there is no setting "layerdecay"\. Did you mean "layerDecay"/,
  ],
  [["--set", "layerDecay"], /--set: expected key=value/],
  [["--set", "layerDecay=2"], /layerDecay: .*got 2/],
  [["--head", "layer1", "--pooling", "max"], /pooling is for the family's head/],
  [["--loss", "cosent"], /cosent.*set architecture: sentence-encoder/],
  [["--freeze", "9"], /freeze: expected at most the encoder's 2 layers, got 9/],
  [["--freeze", "no-such-name"], /freeze: no parameter's name matches/],
  [["--resume", "run"], /--resume .*leave out --model, --train, --output/],
])("%j is one clear mistake", async (flags, message) => {
  const outcome = await train(...basics("refused"), ...flags);
  expectMistake(outcome, message);
  expect(outcome.code).toBe(2);
});

describe("a signal during training", () => {
  const killedAfter = (line: string, signal: NodeJS.Signals, args: string[]) => {
    let sent = false;
    return stsNative(args, {
      cwd: directory,
      onStderr: (stderr, child) => {
        if (!sent && stderr.includes(line)) sent = child.kill(signal);
      },
    });
  };
  const interrupted = (output: string, signal: NodeJS.Signals) =>
    killedAfter("step 4:", signal, ["train", ...basics(output), "--epochs", "100000"]);

  it("Ctrl-C finishes the step, saves, says how to go on, and ends with 130", async () => {
    const { code, stdout, stderr } = await interrupted("stopped", "SIGINT");
    expect(code).toBe(130);
    expect(stdout).toBe("");
    expect(stderr).toMatch(/stopped after step \d+; its weights are in stopped\/last/);
    using model = await CrossEncoder.load(inDirectory("stopped/last"));
    expect(await model.predict([["가 나", "가 다"]])).toHaveLength(1);

    const goOn = /sts-native (train --resume .*)\n/.exec(stderr)![1]!.split(" ");
    const stepOf = (text: string) => Number(/stopped after step (\d+)/.exec(text)![1]);
    const next = await killedAfter("going on after step", "SIGINT", goOn);
    expect(next.code).toBe(130);
    expect(next.stderr).toContain(`going on after step ${stepOf(stderr)}\n`);
    expect(stepOf(next.stderr)).toBeGreaterThanOrEqual(stepOf(stderr));
  });

  it("SIGTERM does the same and ends with 143", async () => {
    expect(await interrupted("terminated", "SIGTERM")).toMatchObject({ code: 143 });
    expect(existsSync(inDirectory("terminated/last/model.safetensors"))).toBe(true);
  });
});
