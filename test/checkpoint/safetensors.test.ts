import { readFileSync } from "node:fs";
import path from "node:path";

import {
  encodeSafetensorsHeader,
  readSafetensorsHeader,
} from "../../lib/checkpoint/safetensors.js";
import { fixtures, refusal, temporaryDirectory, write } from "./support.js";

const directory = temporaryDirectory();
const fixture = path.join(fixtures, "safetensors/model.safetensors");

function safetensors(header: string | Buffer, dataBytes: number, claimed?: bigint): string {
  const json = Buffer.from(header);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(claimed ?? BigInt(json.length));
  const bytes = Buffer.concat([length, json, Buffer.alloc(dataBytes)]);
  return write(directory, "model.safetensors", bytes);
}

const entry = (dtype: string, shape: string, start: number | string, end: number | string) =>
  `{"dtype":"${dtype}","shape":${shape},"data_offsets":[${start},${end}]}`;

describe("readSafetensorsHeader refuses", () => {
  const damaged: [string, string | Buffer, number, RegExp][] = [
    [
      "a hole between tensors",
      `{"a":${entry("U8", "[2]", 0, 2)},"b":${entry("U8", "[2]", 3, 5)}}`,
      5,
      /"b" leaves a hole.* starts at 3, expected 2/,
    ],
    ["a hole before the first", `{"a":${entry("U8", "[2]", 1, 3)}}`, 3, /hole/],
    [
      "overlapping tensors",
      `{"a":${entry("U8", "[2]", 0, 2)},"b":${entry("U8", "[2]", 1, 3)}}`,
      3,
      /"b" overlaps/,
    ],
    [
      "two tensors in one place",
      `{"a":${entry("U8", "[2]", 0, 2)},"b":${entry("U8", "[2]", 0, 2)}}`,
      2,
      /overlaps/,
    ],
    [
      "bytes that no tensor has",
      `{"a":${entry("U8", "[2]", 0, 2)}}`,
      3,
      /describes \d+ bytes, but the file has/,
    ],
    [
      "data that is cut off",
      `{"a":${entry("U8", "[2]", 0, 2)}}`,
      1,
      /describes \d+ bytes, but the file has/,
    ],
    [
      "offsets that do not fit the shape",
      `{"a":${entry("F32", "[2]", 0, 4)}}`,
      4,
      /span 4 bytes, expected 8 for float32 of shape \[2\]/,
    ],
    ["offsets that run backwards", `{"a":${entry("U8", "[2]", 2, 0)}}`, 2, /span -2 bytes/],
    ["negative offsets", `{"a":${entry("U8", "[2]", -2, 0)}}`, 2, /two byte positions/],
    [
      "offsets beyond exact integers",
      `{"a":${entry("U8", "[2]", "9007199254740992", "9007199254740994")}}`,
      2,
      /two byte positions/,
    ],
    [
      "three offsets",
      `{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2,2]}}`,
      2,
      /two byte positions/,
    ],
    ["a negative size", `{"a":${entry("U8", "[-2]", 0, 2)}}`, 2, /list of sizes/],
    ["a fractional size", `{"a":${entry("U8", "[1.5]", 0, 2)}}`, 2, /list of sizes/],
    [
      "a shape that overflows",
      `{"a":${entry("F32", "[4294967296,4294967296,4294967296]", 0, 0)}}`,
      0,
      /list of sizes/,
    ],
    [
      "a shape that overflows behind a zero",
      `{"a":${entry("F32", "[0,4294967296,4294967296]", 0, 0)}}`,
      0,
      /list of sizes/,
    ],
    [
      "65 dimensions",
      `{"a":${entry("U8", `[${Array(65).fill(1).join()}]`, 0, 1)}}`,
      1,
      /list of sizes/,
    ],
    ["a shape that is a string", `{"a":${entry("U8", '"2"', 0, 2)}}`, 2, /list of sizes/],
    ["an unknown dtype", `{"a":${entry("Q7", "[2]", 0, 2)}}`, 2, /"a": the dtype is "Q7"/],
    [
      "the name of an inherited property as dtype",
      `{"a":${entry("constructor", "[2]", 0, 2)}}`,
      2,
      /the dtype is "constructor"/,
    ],
    ["an entry that is no object", '{"a":null}', 0, /"a": the dtype is undefined/],
    [
      "a tensor listed twice",
      `{"a":${entry("U8", "[2]", 0, 2)},"\\u0061":${entry("U8", "[2]", 0, 2)}}`,
      2,
      /key "\\u0061" twice/,
    ],
    [
      "a field given twice",
      '{"a":{"dtype":"U8","dtype":"I8","shape":[2],"data_offsets":[0,2]}}',
      2,
      /key "dtype" twice/,
    ],
    ["metadata that are not strings", '{"__metadata__":{"epoch":3}}', 0, /__metadata__/],
    ["an array for a header", "[1]", 0, /does not start with "\{"/],
    ["JSON that is cut off", '{"a":{"dtype":', 0, /not valid JSON/],
    ["invalid UTF-8", Buffer.from([0x7b, 0xff, 0x7d]), 0, /not valid UTF-8/],
    ["a header of no bytes", "", 0, /does not start with "\{"/],
    [
      "more values than any checkpoint has",
      `{"a":[${"[],".repeat(500_001)}[]]}`,
      0,
      /more than 1000000 values/,
    ],
    ["nesting of half a million levels", `{"a":${"[".repeat(5e5)}`, 0, /not valid JSON/],
  ];

  it.each(damaged)("%s", async (_, header, dataBytes, message) => {
    const file = safetensors(header, dataBytes);
    const { code, message: actual } = await refusal(readSafetensorsHeader(file));
    expect(code).toBe("CHECKPOINT_CORRUPT");
    expect(actual).toMatch(message);
    expect(actual.startsWith(`${file}: `)).toBe(true);
    expect(actual).toMatch(/download it again\.$/);
  });

  it.each([
    ["the file", 1000n],
    ["the limit", 100_000_001n],
    ["what 64 bits hold as a signed number", 2n ** 64n - 1n],
  ])("a header longer than %s", async (_, claimed) => {
    const { code, message } = await refusal(readSafetensorsHeader(safetensors("{}", 8, claimed)));
    expect(code).toBe("CHECKPOINT_CORRUPT");
    expect(message).toContain(`the header should take ${claimed} bytes`);
  });

  it.each(["F8_E4M3", "F8_E5M2", "U16", "C64"])(
    "the dtype %s and names the tensor",
    async (dtype) => {
      const file = safetensors(`{"layer.weight":${entry(dtype, "[2]", 0, 2)}}`, 2);
      const { code, message } = await refusal(readSafetensorsHeader(file));
      expect(code).toBe("UNSUPPORTED_MODEL");
      expect(message).toContain(`tensor "layer.weight" has elements of type ${dtype}`);
    },
  );

  it("a file cut off anywhere", async () => {
    const whole = readFileSync(fixture);
    for (let length = 0; length < whole.length; length += 7) {
      const file = write(directory, "cut.safetensors", whole.subarray(0, length));
      expect((await refusal(readSafetensorsHeader(file))).code).toBe("CHECKPOINT_CORRUPT");
    }
  });
});

it("a tensor called __proto__ is a tensor like any other", async () => {
  const { tensors } = await readSafetensorsHeader(
    safetensors(`{"__proto__":${entry("U8", "[2]", 0, 2)}}`, 2),
  );
  expect([...tensors.keys()]).toEqual(["__proto__"]);
  expect(({} as { dtype?: unknown }).dtype).toBeUndefined();
});

it("braces, quotes and colons in names are not taken for structure", async () => {
  const name = 'a":{"b":[\\';
  const header = JSON.stringify({ [name]: { dtype: "U8", shape: [1], data_offsets: [0, 1] } });
  const { tensors } = await readSafetensorsHeader(safetensors(header, 1));
  expect([...tensors.keys()]).toEqual([name]);
});

describe("encodeSafetensorsHeader", () => {
  it("writes the bytes that the reference implementation writes", async () => {
    const { tensors, metadata } = await readSafetensorsHeader(fixture);
    const entries = [...tensors].map(([name, { dtype, shape }]) => ({ name, dtype, shape }));
    const encoded = encodeSafetensorsHeader(entries, metadata);
    expect(metadata).toEqual({ format: "pt" });
    expect(Buffer.from(encoded).equals(readFileSync(fixture).subarray(0, encoded.length))).toBe(
      true,
    );
  });

  it("keeps the order of the tensors, also of names that are numbers", async () => {
    const header = encodeSafetensorsHeader(
      [
        { name: "b", dtype: "uint8", shape: [1] },
        { name: "1", dtype: "float64", shape: [2] },
        { name: "0", dtype: "float16", shape: [] },
      ],
      {},
    );
    const file = write(directory, "order.safetensors", Buffer.concat([header, Buffer.alloc(19)]));
    const { tensors, metadata } = await readSafetensorsHeader(file);
    expect([...tensors.keys()]).toEqual(["b", "1", "0"]);
    expect([...tensors.values()].map((t) => t.byteOffset - header.length)).toEqual([0, 1, 17]);
    expect(metadata).toEqual({});
    expect(header.length % 8).toBe(0);
  });

  it.each([
    ["a name given twice", ["a", "a"], [1]],
    ["the reserved name", ["__metadata__"], [1]],
    ["a size that is no integer", ["a"], [0.5]],
  ])("refuses %s", (_, names, shape) => {
    const entries = names.map((name) => ({ name, dtype: "uint8" as const, shape }));
    expect(() => encodeSafetensorsHeader(entries, {})).toThrow(
      expect.objectContaining({ code: "INVALID_ARGUMENT" }) as Error,
    );
  });
});
