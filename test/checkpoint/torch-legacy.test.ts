import { readFileSync } from "node:fs";
import path from "node:path";

import { readTorchFile } from "../../lib/checkpoint/torch-file.js";
import { fixtures, readElements, refusal, temporaryDirectory, write } from "./support.js";
import { dictOf, legacyFile, op, pickle, tensor } from "./torch-files.js";

const directory = temporaryDirectory();
const stateDict = pickle(dictOf(tensor({ view: op.none })));
const save = (bytes: Buffer) => write(directory, "pytorch_model.bin", bytes);

it("a legacy file gives its values", async () => {
  const tensors = await readTorchFile(save(legacyFile(stateDict)));
  expect(readElements(tensors.get("weight")!)).toEqual([1.5, -2]);
});

it("a view of a part of a storage, as PyTorch 0.3 wrote it, gives its values", async () => {
  const view = op.tuple(op.text("view"), op.int(1), op.int(1));
  const part = tensor({ view, size: [op.int(1)] });
  const tensors = await readTorchFile(save(legacyFile(pickle(dictOf(part)))));
  expect(readElements(tensors.get("weight")!)).toEqual([-2]);
});

it("a view may not reach beyond its part, though the storage goes on", async () => {
  const view = op.tuple(op.text("view"), op.int(0), op.int(1));
  const error = await refusal(readTorchFile(save(legacyFile(pickle(dictOf(tensor({ view })))))));
  expect(error.message).toMatch(/reaches element 1 of its storage, which has 1/);
});

it("a state dict of more bytes than the first look takes is read whole", async () => {
  const padding = [op.text("notes"), op.text("x".repeat(700_000)), op.setItem];
  const large = pickle(dictOf(tensor()), ...padding);
  const tensors = await readTorchFile(save(legacyFile(large)));
  expect(readElements(tensors.get("weight")!)).toEqual([1.5, -2]);
});

describe("a legacy file is refused that", () => {
  const refused: [string, Buffer, string, RegExp][] = [
    [
      "is big-endian",
      legacyFile(stateDict, { littleEndian: false }),
      "UNSUPPORTED_MODEL",
      /big-endian/,
    ],
    [
      "has another version",
      legacyFile(stateDict, { version: 1002 }),
      "CHECKPOINT_CORRUPT",
      /not version 1001/,
    ],
    [
      "has another storage length than its tensors say",
      legacyFile(stateDict, { count: 3n }),
      "CHECKPOINT_CORRUPT",
      /"0" has 3 elements, expected 2/,
    ],
    [
      "has a negative storage length",
      legacyFile(stateDict, { count: -2n }),
      "CHECKPOINT_CORRUPT",
      /has -2 elements/,
    ],
    [
      "lists a storage twice",
      legacyFile(stateDict, { keys: op.list(op.text("0"), op.text("0")) }),
      "CHECKPOINT_CORRUPT",
      /twice/,
    ],
    [
      "lists a storage that nothing uses",
      legacyFile(stateDict, { keys: op.list(op.text("1")) }),
      "CHECKPOINT_CORRUPT",
      /no tensor uses/,
    ],
    [
      "does not list a storage",
      legacyFile(stateDict, { keys: op.list() }),
      "CHECKPOINT_CORRUPT",
      /storage of tensor "weight" is missing/,
    ],
    [
      "has no list of storages",
      legacyFile(stateDict, { keys: op.none }),
      "CHECKPOINT_CORRUPT",
      /list of storages is missing/,
    ],
    ["is any other pickle", pickle(dictOf(op.none)), "CHECKPOINT_CORRUPT", /not PyTorch's mark/],
    [
      "is a string longer than the file",
      Buffer.concat([Buffer.from([0x80, 4, 0x8d]), Buffer.alloc(8, 0x7f)]),
      "CHECKPOINT_CORRUPT",
      /do not end within the first 11 bytes/,
    ],
    [
      "is something else",
      Buffer.from("<html>not found</html>"),
      "CHECKPOINT_CORRUPT",
      /not a file written by torch\.save/,
    ],
  ];
  it.each(refused)("%s", async (_, bytes, code, message) => {
    const error = await refusal(readTorchFile(save(bytes)));
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
  });

  it("is cut off anywhere", async () => {
    const whole = readFileSync(path.join(fixtures, "torch-legacy/pytorch_model.bin"));
    for (let length = 0; length < whole.length; length += 13) {
      const error = await refusal(readTorchFile(save(whole.subarray(0, length))));
      expect(error.code).toBe("CHECKPOINT_CORRUPT");
    }
  });
});
