import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import { CrossEncoder } from "../../lib/models/cross-encoder.js";
import { loadModel } from "../../lib/models/load-model.js";
import { cleaningPresets } from "../../lib/text/cleaning/rules.js";
import { CrossValidation } from "../../lib/training/cross-validation/cross-validation.js";
import type { StartEvent } from "../../lib/training/events.js";
import { Trainer } from "../../lib/training/trainer.js";
import { tinyPairs } from "../support/tiny-model.js";
import { resultOf, trainInterrupted, weightsIn, Workspace } from "./support.js";

const work = new Workspace();

/** Writes the tiny pairs with what cleaning takes away, and without. */
function writeData(name: string, count: number, change: (text: string) => string): void {
  const rows = tinyPairs(count).map(
    ({ pair: [first, second], label }, i) => `row-${i},${change(first)},${second},${label}`,
  );
  writeFileSync(work.file(name), ["id,sentence1,sentence2,label", ...rows, ""].join("\n"));
}

const soil = (text: string) => `#${text}~~👍`;

beforeAll(() => {
  writeData("dirty.csv", 40, soil);
  writeData("clean.csv", 40, (text) => text);
});

const onDirty = (change = {}) =>
  work.options({ train: work.file("dirty.csv"), dev: work.file("dirty.csv"), ...change });
const onClean = (change = {}) =>
  work.options({ train: work.file("clean.csv"), dev: work.file("clean.csv"), ...change });

it("a model that cleans learns from dirty data what another does from clean data", async () => {
  const settings = { cleaning: "default", test: work.file("dirty.csv") } as const;
  const dirty = await new Trainer(onDirty(settings)).train();
  const clean = await new Trainer(onClean()).train();
  expect(dirty.best).toEqual(clean.best);
  expect(await weightsIn(path.join(dirty.output, "last"))).toEqual(
    await weightsIn(path.join(clean.output, "last")),
  );
  const file = (name: string) => readFileSync(path.join(dirty.output, name), "utf8");
  expect(file("predictions-test.csv")).toBe(file("predictions-dev.csv"));
  expect(file("predictions-dev.csv")).toBe(
    readFileSync(path.join(clean.output, "predictions-dev.csv"), "utf8"),
  );
  // The rules themselves: their names may come to mean something else.
  expect(parse(file("config.yaml"))).toMatchObject({ cleaning: cleaningPresets.default });
  using model = await loadModel(path.join(dirty.output, "best"));
  const raw = { clamp: false };
  const pairs = tinyPairs(9).map(({ pair }) => pair);
  const soiled = pairs.map(([first, second]) => [soil(first), `(${second})`] as const);
  expect(await model.predict(soiled, raw)).toEqual(await model.predict(pairs, raw));
});

it("what the setting leaves out is left to the model that training starts from", async () => {
  using model = await CrossEncoder.load(work.file("model"), { cleaning: "default" });
  await model.save(work.file("cleaning"));
  const rulesOf = async (run: string) => {
    using trained = await loadModel(path.join(run, "last"));
    return trained.readers[0]!.cleaner.rules;
  };
  const start = { model: work.file("cleaning"), epochs: 1 };
  const kept = await new Trainer(onDirty(start)).train();
  expect(await rulesOf(kept.output)).toEqual(cleaningPresets.default);
  const off = await new Trainer(onDirty({ ...start, cleaning: "none" })).train();
  expect(await rulesOf(off.output)).toEqual(cleaningPresets.none);
});

it("a run that was interrupted goes on with its rules", async () => {
  const cleaning = { emoji: "remove", keep: ["letters"] } as const;
  const whole = await new Trainer(onDirty({ cleaning })).train();
  const interruptions = [{ at: "onStep", step: 4 }] as const;
  const resumed = await trainInterrupted(onDirty({ cleaning }), interruptions);
  expect(resultOf(resumed.output)).toEqual(resultOf(whole.output));
});

it("every fold of a cross-validation cleans", async () => {
  const settings = { folds: 2, epochs: 1, dev: undefined };
  const run = async (train: string, cleaning: object) =>
    new CrossValidation(work.options({ train, ...settings, ...cleaning })).run();
  const dirty = await run(work.file("dirty.csv"), { cleaning: "default" });
  const clean = await run(work.file("clean.csv"), {});
  expect(dirty.outOfFold).toEqual(clean.outOfFold);
  for (const fold of ["fold-1", "fold-2"]) {
    using model = await loadModel(path.join(dirty.output, fold, "best"));
    expect(model.readers[0]!.cleaner.rules).toEqual(cleaningPresets.default);
  }
});

describe("before the first step one is told of", () => {
  const warningsOf = async (change: object): Promise<readonly string[]> => {
    let start: StartEvent | undefined;
    const callbacks = { onStart: (event: StartEvent) => void (start = event) };
    await new Trainer(work.options({ epochs: 1, ...change }), { callbacks }).train();
    return start!.warnings;
  };
  const write = (name: string, rows: string[]) =>
    writeFileSync(work.file(name), `sentence1,sentence2,label\n${rows.join("\n")}\n`);

  it("sentences that cleaning would empty, by file and line", async () => {
    write("empty.csv", ["가,나,1", "^^,나,2", "다,♥,3", "라,마,4"]);
    const dev = work.file("empty.csv");
    expect(await warningsOf({ dev, cleaning: "default" })).toEqual([
      `cleaning would leave nothing of these, which stay as they are: ${dev}:3, ${dev}:4`,
    ]);
    expect(await warningsOf({ dev })).toEqual([]);
  });

  it("placeholders that the tokenizer takes apart or does not know", async () => {
    write("placeholders.csv", ["<PERSON>님,나,1", "가,<PLACE>,2", "다,<PERSON>,3"]);
    const dev = work.file("placeholders.csv");
    const [warning, ...others] = await warningsOf({ dev, cleaning: "default" });
    expect(others).toEqual([]);
    expect(warning).toBe(
      "placeholders that are not one token of the tokenizer: <PERSON> (not known), <PLACE> (not known)",
    );
  });

  it("held-out pairs that are trained on as well", async () => {
    const rows = tinyPairs(30).map(({ pair, label }) => `${pair.join(",")},${label}`);
    write(
      "copied.csv",
      [...new Set(rows)].flatMap((row) => [row, row, row]),
    );
    const train = work.file("copied.csv");
    const message = /^\d+ of \d+ held-out pairs are also trained on, .* Divide the data first/;
    expect(await warningsOf({ train, dev: undefined })).toEqual([expect.stringMatching(message)]);
    const heldOutFold = { index: 1, of: 3 };
    expect(await warningsOf({ train, dev: undefined, heldOutFold })).toHaveLength(1);
    const starts: (readonly string[])[] = [];
    const listener = {
      onStart: (event: { warnings: readonly string[] }) => void starts.push(event.warnings),
    };
    const settings = { callbacks: listener, trainer: listener };
    const options = work.options({ train, dev: undefined, epochs: 1 });
    await new CrossValidation({ ...options, folds: 2 }, settings).run();
    expect(starts).toEqual([[expect.stringMatching(message)], [], []]);
  });
});
