import { readFileSync } from "node:fs";
import path from "node:path";

import { readTorchFile } from "../../lib/checkpoint/torch-file.js";
import { fixtures, readElements, refusal, temporaryDirectory, write } from "./support.js";
import { archive, dictOf, op, pickle, tensor, twoFloats, zip } from "./torch-files.js";
import type { TensorOptions } from "./torch-files.js";

const directory = temporaryDirectory();
const stateDict = pickle(dictOf(tensor()));
const save = (bytes: Buffer) => write(directory, "pytorch_model.bin", bytes);

const readable: [string, Buffer][] = [
  ["", archive(stateDict)],
  [" with zip64 records", archive(stateDict, twoFloats, { zip64: true })],
  [
    " with a comment that looks like its end",
    archive(stateDict, twoFloats, { comment: "PK\x05\x06 and more text after it" }),
  ],
  [
    " marked little-endian",
    zip({ "m/data.pkl": stateDict, "m/byteorder": Buffer.from("little"), "m/data/0": twoFloats }),
  ],
];
it.each(readable)("an archive%s gives its values", async (_, bytes) => {
  const tensors = await readTorchFile(save(bytes));
  expect(readElements(tensors.get("weight")!)).toEqual([1.5, -2]);
});

describe("a tensor is refused that", () => {
  const huge = op.long(2n ** 53n - 1n);
  const damaged: [string, TensorOptions, RegExp][] = [
    [
      "starts behind its storage",
      { offset: op.int(2), size: [op.int(1)] },
      /reaches element 2 of its storage, which has 2/,
    ],
    ["ends behind its storage", { size: [op.int(3)] }, /reaches element 2/],
    ["strides out of its storage", { stride: [op.int(2)] }, /reaches element 2/],
    ["strides out by far", { stride: [huge] }, /reaches element 9007199254740991/],
    [
      "has a storage larger than its entry",
      { length: op.int(3) },
      /storage of 12 bytes, of which the file has 8/,
    ],
    [
      "has a storage of another type than its entry",
      { type: "DoubleStorage" },
      /storage of 16 bytes/,
    ],
    ["repeats an element beyond measure", { size: [huge], stride: [op.int(0)] }, /arguments/],
    [
      "repeats an element beyond its file",
      { size: [op.int(1e6)], stride: [op.int(0)] },
      /larger than the file/,
    ],
    ["has a negative offset", { offset: op.int(-1) }, /arguments/],
    ["has a negative size", { size: [op.int(-2)] }, /arguments/],
    ["has a negative stride", { stride: [op.int(-1)] }, /arguments/],
    ["has fewer strides than sizes", { stride: [] }, /arguments/],
    [
      "has 65 dimensions",
      { size: Array<Buffer>(65).fill(op.int(1)), stride: Array<Buffer>(65).fill(op.int(1)) },
      /arguments/,
    ],
    [
      "has sizes that overflow",
      { size: [huge, huge], stride: [op.int(0), op.int(0)] },
      /arguments/,
    ],
    ["has a storage that is missing", { key: "7" }, /storage "7" of tensor "weight" is missing/],
    ["has a storage outside the archive", { key: "../../other" }, /is missing/],
    ["has a storage of negative length", { length: op.int(-2) }, /not a storage/],
    [
      "is a view that leaves its storage",
      { view: op.tuple(op.text("v"), op.int(1), op.int(2)) },
      /not a storage/,
    ],
  ];
  it.each(damaged)("%s", async (_, options, message) => {
    const error = await refusal(readTorchFile(save(archive(pickle(dictOf(tensor(options)))))));
    expect(error.code).toBe("CHECKPOINT_CORRUPT");
    expect(error.message).toMatch(message);
  });
});

it("an empty tensor may have any offset and strides", async () => {
  const empty = tensor({ offset: op.int(99), size: [op.int(0)], stride: [op.int(50)] });
  const tensors = await readTorchFile(save(archive(pickle(dictOf(empty)))));
  expect(readElements(tensors.get("weight")!)).toEqual([]);
  expect(tensors.get("weight")!.byteOffset).toBeLessThan(
    readFileSync(tensors.get("weight")!.file).length,
  );
});

describe("an archive is refused that", () => {
  const byteOrder = (order: string) =>
    zip({ "m/data.pkl": stateDict, "m/byteorder": Buffer.from(order), "m/data/0": twoFloats });
  const withLocalNameChanged = archive(stateDict);
  withLocalNameChanged.write("X", withLocalNameChanged.indexOf("model/data.pkl"));
  const listedTwice = zip({
    "m/data.pkl": stateDict,
    "m/data/0": twoFloats,
    "m/data/1": twoFloats,
  });
  listedTwice.write("0", listedTwice.lastIndexOf("m/data/1") + 7);

  const refused: [string, Buffer, string, RegExp][] = [
    [
      "is compressed",
      archive(stateDict, twoFloats, { compress: true }),
      "UNSUPPORTED_MODEL",
      /compressed or encrypted/,
    ],
    ["is big-endian", byteOrder("big"), "UNSUPPORTED_MODEL", /big-endian/],
    [
      "has a byte order that there is not",
      byteOrder("middle"),
      "CHECKPOINT_CORRUPT",
      /byte order is "middle"/,
    ],
    [
      "is a TorchScript program",
      zip({ "m/data.pkl": stateDict, "m/constants.pkl": stateDict }),
      "UNSUPPORTED_MODEL",
      /TorchScript/,
    ],
    [
      "has no data.pkl",
      zip({ "m/data/0": twoFloats }),
      "CHECKPOINT_CORRUPT",
      /expected one data\.pkl in the archive, found 0/,
    ],
    [
      "has two data.pkl",
      zip({ "a/data.pkl": stateDict, "b/data.pkl": stateDict }),
      "CHECKPOINT_CORRUPT",
      /found 2/,
    ],
    ["lists an entry twice", listedTwice, "CHECKPOINT_CORRUPT", /lists "m\/data\/0" twice/],
    [
      "claims more bytes than it has",
      archive(stateDict, twoFloats, { lie: 1e9 }),
      "CHECKPOINT_CORRUPT",
      /should have 10000\d+ bytes/,
    ],
    [
      "claims more bytes than 64 bits count",
      archive(stateDict, twoFloats, { lie: 2 ** 60, zip64: true }),
      "CHECKPOINT_CORRUPT",
      /should have/,
    ],
    [
      "has another entry where the directory points",
      withLocalNameChanged,
      "CHECKPOINT_CORRUPT",
      /not where the directory says/,
    ],
    [
      "has a pickle without an end",
      archive(stateDict.subarray(0, -1)),
      "CHECKPOINT_CORRUPT",
      /data\.pkl is cut off/,
    ],
    [
      "holds no tensors",
      archive(pickle(dictOf(op.none))),
      "UNSUPPORTED_MODEL",
      /expected a state dict/,
    ],
    [
      "holds a list",
      archive(pickle(op.list(tensor()))),
      "UNSUPPORTED_MODEL",
      /expected a state dict/,
    ],
  ];
  it.each(refused)("%s", async (_, bytes, code, message) => {
    const error = await refusal(readTorchFile(save(bytes)));
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
  });

  it("is cut off anywhere", async () => {
    const whole = readFileSync(path.join(fixtures, "torch-zip/pytorch_model.bin"));
    for (let length = 0; length < whole.length; length += 31) {
      const error = await refusal(readTorchFile(save(whole.subarray(0, length))));
      expect(error.code).toBe("CHECKPOINT_CORRUPT");
    }
  });
});

it.each(["state_dict", "model"])("a state dict under the key %s is found", async (key) => {
  const nested = Buffer.concat([op.emptyDict, op.text(key), dictOf(tensor()), op.setItem]);
  const tensors = await readTorchFile(save(archive(pickle(nested))));
  expect([...tensors.keys()]).toEqual(["weight"]);
});

it("a dict that is its own state dict is searched once", async () => {
  const cyclic = [op.emptyDict, op.put(0), op.text("state_dict"), op.get(0), op.setItem];
  const error = await refusal(readTorchFile(save(archive(pickle(...cyclic)))));
  expect(error.message).toMatch(/expected a state dict/);
});
