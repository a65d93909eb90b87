import { readPickle } from "../../lib/checkpoint/pickle.js";
import { PickleDict, PickleList } from "../../lib/checkpoint/pickle-values.js";
import { readTorchFile } from "../../lib/checkpoint/torch-file.js";
import { torchContext } from "../../lib/checkpoint/torch-objects.js";
import { StsError } from "../../lib/foundation/errors.js";
import { refusal, temporaryDirectory, write } from "./support.js";
import { archive, dictOf, legacyFile, op, pickle, tensor } from "./torch-files.js";

const directory = temporaryDirectory();

const read = (bytes: Buffer) => readPickle(bytes, 0, torchContext("model.bin").context);

describe("a checkpoint that asks for code to be executed is refused by the name of the code", () => {
  const call = (module: string, name: string) =>
    Buffer.concat([op.global(module, name), op.tuple(op.text("touch owned")), op.reduce]);
  const attacks: [string, Buffer][] = [
    ["os.system", call("os", "system")],
    ["posix.system", call("posix", "system")],
    ["nt.system", call("nt", "system")],
    ["builtins.eval", call("builtins", "eval")],
    ["builtins.getattr", call("builtins", "getattr")],
    ["__builtin__.exec", call("__builtin__", "exec")],
    ["subprocess.Popen", call("subprocess", "Popen")],
    ["torch.hub.load", call("torch.hub", "load")],
    ["torch.constructor", call("torch", "constructor")],
    ["os.system", Buffer.concat([op.text("os"), op.text("system"), Buffer.from([0x93])])],
  ];

  it.each(attacks)("%s", async (name, code) => {
    for (const whole of [archive, legacyFile]) {
      const file = write(directory, "pytorch_model.bin", whole(pickle(dictOf(code))));
      const error = await refusal(readTorchFile(file));
      expect(error.code).toBe("UNSUPPORTED_MODEL");
      expect(error.message).toContain(`"${name}"`);
      expect(error.message).toMatch(/executing code from a checkpoint is refused.*safetensors/);
    }
  });

  it("also in a pickle that comes before the state dict", async () => {
    const bytes = legacyFile(pickle(dictOf(tensor())), { keys: call("os", "system") });
    const file = write(directory, "pytorch_model.bin", bytes);
    expect((await refusal(readTorchFile(file))).message).toContain('"os.system"');
  });
});

describe("a pickle is damaged when it", () => {
  const damaged: [string, Buffer, RegExp][] = [
    ["pops from an empty stack", Buffer.from("0."), /stack is empty/],
    ["takes an item from below a mark", Buffer.from("N(a."), /stack is empty/],
    ["closes a mark that is not open", Buffer.from("t."), /no mark/],
    ["recalls what was never stored", pickle(op.get(9)), /memo 9, which was never set/],
    ["appends to a dict", pickle(op.emptyDict, op.none, op.append), /not a list/],
    ["sets an item of a list", pickle(op.emptyList, op.none, op.none, op.setItem), /not a dict/],
    ["has a key without a value", pickle(op.emptyDict, op.mark, op.none, op.setItems), /no value/],
    ["calls a string", pickle(op.text("os.system"), op.tuple(), op.reduce), /not a function/],
    [
      "calls with no tuple",
      pickle(op.global("torch", "Size"), op.none, op.reduce),
      /not a function/,
    ],
    [
      "gives wrong arguments",
      pickle(op.global("torch", "Size"), op.tuple(op.none), op.reduce),
      /arguments of torch\.Size/,
    ],
    [
      "sets attributes of a storage class",
      pickle(op.global("torch", "FloatStorage"), op.emptyDict, op.build),
      /sets attributes/,
    ],
    [
      "refers to something else than a storage",
      pickle(op.tuple(op.text("module")), op.persistentLoad),
      /not a storage/,
    ],
    ["has a string of invalid UTF-8", pickle(Buffer.from([0x8c, 1, 0xff])), /not valid UTF-8/],
    ["has an unknown opcode", Buffer.from([0x80, 2, 0xff]), /opcode 0xff/],
    ["takes its code by INST", Buffer.from("(ios\nsystem\n."), /opcode 0x69/],
    ["is a program without end", Buffer.alloc(3_000_000, "N"), /more than 2000000 operations/],
    ["opens marks without end", Buffer.alloc(3_000_000, "("), /more than 2000000 operations/],
    [
      "memoizes without end",
      Buffer.concat([Buffer.from("N"), Buffer.alloc(3e6, 0x94)]),
      /operations/,
    ],
  ];

  it.each(damaged)("%s", (_, bytes, message) => {
    let caught: unknown;
    try {
      read(bytes);
    } catch (error) {
      caught = error;
    }
    expect(caught).toBeInstanceOf(StsError);
    expect(caught).toMatchObject({ code: "CHECKPOINT_CORRUPT" });
    expect((caught as StsError).message).toMatch(message);
  });
});

it("a pickle that ends early is told from a damaged one, wherever it is cut", () => {
  const whole = pickle(dictOf(tensor()));
  for (let length = 0; length < whole.length; length++) {
    expect(read(whole.subarray(0, length))).toBeUndefined();
  }
  expect(read(whole)?.end).toBe(whole.length);
});

it("a length beyond the file allocates nothing", () => {
  for (const opcode of [0x8d, 0x8e, 0x96]) {
    expect(read(Buffer.concat([Buffer.from([opcode]), Buffer.alloc(8, 0xff)]))).toBeUndefined();
  }
});

it("a list of a hundred thousand levels is read without recursion", () => {
  const levels = 100_000;
  const opened = Buffer.alloc(levels, "]");
  const closed = Buffer.alloc(levels - 1, "a");
  expect(read(pickle(opened, closed))?.value).toBeInstanceOf(PickleList);
});

it("a list that holds itself is read", () => {
  const value = read(pickle(op.emptyList, op.put(0), op.get(0), op.append))?.value as PickleList;
  expect(value.items[0]).toBe(value);
});

it("a list that doubles at each of 1000 levels takes no more room than its bytes", () => {
  const level = Buffer.concat([
    Buffer.from("("),
    op.get(0),
    op.get(0),
    Buffer.from("t"),
    op.put(0),
  ]);
  const doublings = Array<Buffer>(1000).fill(level);
  expect(read(pickle(op.none, op.put(0), ...doublings))).toBeDefined();
});

it("a key called __proto__ changes no object", () => {
  const value = read(pickle(op.emptyDict, op.text("__proto__"), op.emptyDict, op.setItem))?.value;
  expect((value as PickleDict).entries.has("__proto__")).toBe(true);
  expect(Object.keys(Object.prototype)).toEqual([]);
});

it.each([0n, 1n, -1n, 255n, -256n, 2n ** 53n - 1n, 2n ** 53n, -(2n ** 62n)])(
  "the integer %s keeps its value",
  (value) => {
    const exact = Number.isSafeInteger(Number(value)) ? Number(value) : value;
    expect(read(pickle(op.long(value)))?.value).toBe(exact);
  },
);
