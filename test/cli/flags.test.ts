import { z } from "zod";
import { flagsOf, settingsWithoutFlag } from "../../lib/cli/flags.js";
import { readFlags, settingsOf, type ParsedArguments } from "../../lib/cli/read-flags.js";
import { trainConfigSchema } from "../../lib/training/config.js";

const flags = flagsOf(trainConfigSchema);
const flag = (name: string) => flags.find((each) => each.name === name)!;
const read = (parsed: ParsedArguments) => readFlags(trainConfigSchema, { _: ["train"], ...parsed });

it("every setting of a training is a flag or named as one of the file's", () => {
  const names = flags.map(({ name }) => name);
  const inFile = settingsWithoutFlag(trainConfigSchema);
  const keys = [...flags, ...inFile].map(({ key }) => key);
  expect(keys.sort()).toEqual(Object.keys(trainConfigSchema.shape).sort());
  for (const { description } of inFile) expect(description).not.toBe("");
  expect(names).toContain("batch-size");
  expect(names).toContain("max-grad-norm");
  for (const { description } of flags) expect(description).not.toBe("");
});

it("types, defaults and choices are the schema's", () => {
  expect(flag("train")).toMatchObject({ type: "string", required: true, default: undefined });
  expect(flag("epochs")).toMatchObject({ type: "number", required: false, default: "3" });
  expect(flag("on-bad-row")).toMatchObject({ choices: ["error", "skip"], default: "error" });
  expect(flag("label-range")).toMatchObject({ type: "string", default: undefined });
  expect(flag("columns")).toMatchObject({ required: false, default: undefined });
});

it("what is given is read by the schema's types", () => {
  const { given, words } = read({
    "batch-size": "8",
    lr: "5e-5",
    columns: "sentence1=a,label=b",
    "label-range": "-1,1.5",
    loss: "l1",
  });
  expect(given).toEqual({
    batchSize: 8,
    lr: 5e-5,
    columns: { sentence1: "a", label: "b" },
    labelRange: { min: -1, max: 1.5 },
    loss: "l1",
  });
  expect(words).toEqual([]);
});

it.each([
  ["epochs", "abc", '--epochs: expected a whole number, got "abc".'],
  ["epochs", "1.5", '--epochs: expected a whole number, got "1.5".'],
  ["epochs", " ", '--epochs: expected a whole number, got " ".'],
  ["epochs", "0", /^--epochs: .*>0, got "0"\.$/],
  ["lr", "fast", '--lr: expected a number, got "fast".'],
  ["lr", "Infinity", '--lr: expected a number, got "Infinity".'],
  ["warmup-ratio", "1.1", /^--warmup-ratio: .*<=1, got "1.1"\.$/],
  ["loss", "l1+mes", /^loss: column 4: .*"mes".* Did you mean "mse"\?\n {2}l1\+mes\n {5}\^$/],
  ["head", "layer9", /^--head: expected one of .*, got "layer9"\. Did you mean "layer1"\?$/],
  ["label-range", "5", /^--label-range: expected .* such as 0,5, got "5"\.$/],
  ["label-range", "0,", /^--label-range: expected .* got "0,"\.$/],
  ["label-range", "5,0", '--label-range: min must be below max, got "5,0".'],
  ["columns", "lable=x", /^--columns: .*Did you mean "label"\?/],
])("--%s %s is refused by name", (name, text, message) => {
  expect(() => read({ [name]: text })).toThrow(message);
});

it("a flag without a value, or with two, is refused by name", () => {
  expect(() => read({ model: "" })).toThrow(/^--model needs a value/);
  expect(() => read({ seed: ["1", "2"] })).toThrow("--seed is given 2 times.");
});

it("a switch says yes alone, and yes or no with a value", () => {
  const schema = z.strictObject({ stratified: z.boolean().default(false).describe("by label") });
  const given = (text: unknown) => readFlags(schema, { _: ["x"], stratified: text }).given;
  expect(given("")).toEqual({ stratified: true });
  expect(given("true")).toEqual({ stratified: true });
  expect(given("false")).toEqual({ stratified: false });
  expect(() => given("yes")).toThrow('--stratified: expected true or false, got "yes".');
  expect(() => given(["", ""])).toThrow("--stratified is given 2 times.");
  expect(flagsOf(schema)).toMatchObject([{ type: "boolean", default: "false" }]);
});

it("an unknown flag is refused with the one that was meant", () => {
  const unknown = (parsed: ParsedArguments) => () => read(parsed);
  expect(unknown({ "batch-sise": "8", batchSise: "8" })).toThrow(
    'there is no flag --batch-sise. Did you mean "--batch-size"?',
  );
  expect(unknown({ batchSise: "8" })).toThrow('--batchSise. Did you mean "--batch-size"?');
  expect(unknown({ x: true })).toThrow("there is no flag -x.");
});

it("the spellings that yargs adds are not unknown flags", () => {
  const parsed = { "batch-size": "8", batchSize: "8", help: false, h: false, json: true };
  expect(read(parsed).given).toEqual({ batchSize: 8 });
});

it("words after -- count as words", () => {
  expect(read({ _: ["similarity", "a"], "--": ["-b", "--json"] }).words).toEqual([
    "a",
    "-b",
    "--json",
  ]);
});

it("all that is missing is named in one line", () => {
  const schema = z.strictObject({
    model: z.string().describe("model directory"),
    data: z.string().describe("pairs"),
    batchSize: z.int().default(32),
  });
  const settings = (given: object) => settingsOf(schema, { given: { ...given }, words: [] });
  expect(() => settings({})).toThrow("missing: --model (model directory), --data (pairs).");
  expect(() => settings({ model: "m" })).toThrow("missing: --data (pairs).");
  expect(settings({ model: "m", data: "d" })).toEqual({ model: "m", data: "d", batchSize: 32 });
});

it("a word where none belongs is refused", () => {
  const line = { given: {}, words: ["second sentence"] };
  expect(() => settingsOf(z.strictObject({}), line)).toThrow(
    /^unexpected argument "second sentence"/,
  );
});
