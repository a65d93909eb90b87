import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

import { openCheckpoint } from "../../lib/checkpoint/open.js";
import { fixtures, readElements } from "./support.js";

type Expected = Record<string, { dtype: string; shape: number[]; values: (number | boolean)[] }>;

const expected = new Map(
  Object.entries(
    JSON.parse(readFileSync(path.join(fixtures, "expected.json"), "utf8")) as Expected,
  ),
);
const formats = [
  "safetensors",
  "safetensors-sharded",
  "torch-zip",
  "torch-zip-protocol-5",
  "torch-legacy",
  "torch-nested",
  "torch-sharded",
];

describe.each(formats)("a checkpoint saved by Python as %s", (format) => {
  const directory = path.join(fixtures, format);

  it("has its tensors, and no other entries", async () => {
    const { tensors } = await openCheckpoint(directory);
    expect([...tensors.keys()].sort()).toEqual([...expected.keys()].sort());
  });

  it("has every type, shape and value", async () => {
    const { tensors } = await openCheckpoint(directory);
    for (const [name, { dtype, shape, values }] of expected) {
      const location = tensors.get(name)!;
      const found = { name, dtype: location.dtype, shape: location.shape };
      expect(found).toEqual({ name, dtype, shape });
      expect(readElements(location)).toEqual(values);
    }
  });

  it("names the files that hold the weights", async () => {
    const { files } = await openCheckpoint(directory);
    const weights = readdirSync(directory).filter((name) => !name.endsWith(".json"));
    expect([...files].sort()).toEqual(weights.map((name) => path.join(directory, name)));
  });
});

it.each(["torch-zip", "torch-legacy"])("tied weights in %s are the same bytes", async (format) => {
  const { tensors } = await openCheckpoint(path.join(fixtures, format));
  expect(tensors.get("tied.weight")).toEqual(tensors.get("float32"));
  expect(tensors.get("transposed")!.byteOffset).toBe(tensors.get("float32")!.byteOffset);
});
