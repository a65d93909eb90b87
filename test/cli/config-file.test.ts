import { writeFileSync } from "node:fs";
import path from "node:path";
import { readConfigFile } from "../../lib/cli/config-file.js";
import { temporaryDirectory } from "./support.js";

const file = path.join(temporaryDirectory(), "run.yaml");
const known = ["model", "epochs", "batchSize", "columns"];

const read = (text: string) => {
  writeFileSync(file, text);
  return readConfigFile(file, known);
};
const expectRefused = (text: string, message: string | RegExp) =>
  expect(read(text)).rejects.toMatchObject({
    code: "INVALID_ARGUMENT",
    message:
      typeof message === "string"
        ? `${file}${message}`
        : (expect.stringMatching(message) as unknown),
  });

it("settings are read with their types", async () => {
  const text = "# first\nmodel: klue/roberta-small\nepochs: 2\ncolumns: { label: score }\n";
  expect(await read(text)).toEqual({
    model: "klue/roberta-small",
    epochs: 2,
    columns: { label: "score" },
  });
  expect(await read("")).toEqual({});
});

it("a misspelled setting is refused with its line and what was meant", async () => {
  await expectRefused(
    "model: x\nepoch: 3\n",
    ':2: there is no setting "epoch". Did you mean "epochs"?',
  );
  await expectRefused("batch-size: 3\n", /:1: .*Did you mean "batchSize"\?$/);
});

it("a setting given twice is refused with its line", () =>
  expectRefused("model: a\nepochs: 2\nmodel: b\n", /:3: .*unique/));

it("what is not YAML is refused with its line", () =>
  expectRefused("model: x\nepochs: [1\n", /:3: /));

it("what is not settings is refused", async () => {
  await expectRefused(
    "- model\n",
    ': expected settings such as "epochs: 3", one a line, got an array of 1.',
  );
  await expectRefused("just words\n", /got "just words"\.$/);
});

it("aliases that multiply are refused", () =>
  expectRefused(
    `model: &a [${"x,".repeat(12)}]\nepochs: &b [${"*a,".repeat(12)}]\ncolumns: [${"*b,".repeat(12)}]\n`,
    /alias/,
  ));

it("a file that is missing is named", async () => {
  await expect(readConfigFile(`${file}.not`, known)).rejects.toMatchObject({
    code: "NOT_FOUND",
    message: `${file}.not: no such file; check the path.`,
  });
});
