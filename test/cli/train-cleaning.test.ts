import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import { cleaningPresets } from "../../lib/text/cleaning/rules.js";
import { readJson } from "../support/fixtures.js";
import { writeTinyData, writeTinyModel } from "../support/tiny-model.js";
import { expectMistake, stsNative, temporaryDirectory } from "./support.js";

const directory = temporaryDirectory();
const inDirectory = (...parts: string[]) => path.join(directory, ...parts);
const run = (...args: string[]) => stsNative(args, { cwd: directory });
const train = (output: string, ...args: string[]) =>
  run(
    ...["train", "--model", "model", "--train", "train.csv", "--epochs", "1"],
    ...["--output", output, ...args],
  );
const configOf = (output: string) =>
  parse(readFileSync(inDirectory(output, "config.yaml"), "utf8")) as Record<string, unknown>;
const modelOf = (output: string) => readJson(inDirectory(output, "last", "sts_config.json"));

beforeAll(async () => {
  await writeTinyModel(inDirectory("model"));
  await writeTinyData(inDirectory("train.csv"), 32);
  writeFileSync(inDirectory("rules.yaml"), "emoji: remove\nkeep: [letters]\n");
});

it("--cleaning reads a file, whose rules are in config.yaml and in the model", async () => {
  expect(await train("file", "--cleaning", "rules.yaml")).toMatchObject({ code: 0 });
  const cleaning = { ...cleaningPresets.none, emoji: "remove", keep: ["letters"] };
  expect(configOf("file")).toMatchObject({ cleaning });
  expect(modelOf("file")).toMatchObject({ cleaning });
  // The file is not needed any more.
  const again = ["--config", "file/config.yaml", "--output", "again", "--cleaning", "none"];
  expect(await run("train", ...again)).toMatchObject({ code: 0 });
  expect(modelOf("again")).not.toHaveProperty("cleaning");
});

it("evaluate and predict name sentences of which cleaning would leave nothing", async () => {
  expect(await train("default", "--cleaning", "default")).toMatchObject({ code: 0 });
  expect(configOf("default")).toMatchObject({ cleaning: cleaningPresets.default });
  const rows = "sentence1,sentence2,label\n가,나,1\n^^,나,2\n가,다,3\n";
  writeFileSync(inDirectory("data.csv"), rows);
  const warning =
    "warning: cleaning would leave nothing of these, which stay as they are: data.csv:3\n";
  const scoring = ["--model", "default/last", "--data", "data.csv"];
  expect((await run("evaluate", ...scoring)).stderr).toBe(warning);
  expect((await run("predict", ...scoring, "--output", "p.csv")).stderr).toBe(warning);
});

it("--set changes one rule, of those that the file gives", async () => {
  writeFileSync(inDirectory("run.yaml"), "cleaning: { emoji: keep, trim: true }\n");
  const flags = ["--config", "run.yaml", "--set", "cleaning.emoji=remove"];
  expect(await train("set", ...flags)).toMatchObject({ code: 0 });
  expect(configOf("set")).toMatchObject({ cleaning: { emoji: "remove", trim: true } });
});

it("a cross-validation takes it too", async () => {
  const args = ["--model", "model", "--train", "train.csv", "--folds", "2", "--epochs", "1"];
  const outcome = await run("crossval", ...args, "--cleaning", "rules.yaml", "--output", "cv");
  expect(outcome.code).toBe(0);
  for (const fold of ["cv/fold-1", "cv/fold-2"]) {
    expect(modelOf(fold)).toMatchObject({ cleaning: { emoji: "remove" } });
  }
});

it.each<[string[], RegExp]>([
  [
    ["--cleaning", "no.yaml"],
    /--cleaning: there is no file no\.yaml; give a YAML file of rules, or /,
  ],
  [["--set", "cleaning.emojis=remove"], /no setting "cleaning\.emojis"\. Did you mean "emoji"\?/],
  [["--set", "cleaning.keep=[letter]"], /cleaning\.keep\.0: .*"letters"\|"numbers"/],
  [
    ["--set", "cleaning=rules.yaml"],
    /cleaning: expected rules, default or none \(a file .* flag\)/,
  ],
])("train %j is a mistake that is named", async (args, message) => {
  expectMistake(await train("refused", ...args), message);
});
