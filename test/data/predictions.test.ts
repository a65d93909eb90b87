import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "csv-parse/sync";
import { type Prediction, writePredictions } from "../../lib/data/predictions.js";
import { temporaryDirectory } from "./files.js";

const { directory, file } = temporaryDirectory();

test("a prediction file has a header and a row for each prediction, in their order", async () => {
  const output = path.join(directory, "p.csv");
  await writePredictions(output, [
    { id: "test-1", target: 3.5 },
    { id: "test-0", target: 0 },
  ]);
  expect(readFileSync(output, "utf8")).toBe("id,target\ntest-1,3.5\ntest-0,0\n");
});

test("ids come back as they were, whatever is in them", async () => {
  const ids = ["a,b", 'say "hi"', "two\nlines", "c\rd", " 공백 ", "", "가"];
  const output = path.join(directory, "ids.csv");
  await writePredictions(
    output,
    ids.map((id) => ({ id, target: 1 })),
  );
  const records = parse(readFileSync(output), { record_delimiter: "\n" });
  expect(records.slice(1).map(([id]) => id)).toEqual(ids);
});

test("scores come back bit for bit", async () => {
  const scores = [0.1 + 0.2, Math.PI, 5e-324, 1e21, -1e-7, Math.fround(0.1), 4.999999999999999];
  const output = path.join(directory, "scores.csv");
  await writePredictions(
    output,
    scores.map((target, id) => ({ id: String(id), target })),
  );
  const [, ...rows] = readFileSync(output, "utf8").trimEnd().split("\n");
  expect(rows.map((row) => Number(row.split(",")[1]))).toEqual(scores);
});

test("predictions are written as they come, more than fit into one write", async () => {
  const count = 20_000;
  async function* predictions(): AsyncGenerator<Prediction> {
    for (let i = 0; i < count; i++) {
      if (i % 1000 === 0) await Promise.resolve();
      yield { id: `id-${i}`, target: i / 7 };
    }
  }
  const output = path.join(directory, "many.csv");
  await writePredictions(output, predictions());
  const rows = readFileSync(output, "utf8").trimEnd().split("\n");
  expect(rows).toHaveLength(count + 1);
  expect(rows.at(-1)).toBe(`id-${count - 1},${(count - 1) / 7}`);
});

test.each([NaN, Infinity])("a score of %d is an error that names the id", async (target) => {
  const output = file("p.csv", "old");
  const writing = writePredictions(output, [
    { id: "a", target: 1 },
    { id: "b-7", target },
  ]);
  await expect(writing).rejects.toMatchObject({
    code: "NOT_FINITE",
    message: expect.stringContaining("b-7") as string,
  });
  expect(readFileSync(output, "utf8")).toBe("old");
});

test("predictions that fail half-way leave the old file and nothing else", async () => {
  const output = file("p.csv", "old");
  async function* failing(): AsyncGenerator<Prediction> {
    for (let i = 0; i < 10_000; i++) yield { id: String(i), target: 1 };
    await Promise.reject(new Error("the model broke"));
  }
  await expect(writePredictions(output, failing())).rejects.toThrow("the model broke");
  expect(readFileSync(output, "utf8")).toBe("old");
  expect(readdirSync(path.dirname(output))).toEqual(["p.csv"]);
});
