import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, rmSync, symlinkSync } from "node:fs";
import path from "node:path";

import { openCheckpoint } from "../../lib/checkpoint/open.js";
import { fixtures, refusal, temporaryDirectory, write } from "./support.js";

const root = temporaryDirectory();
let count = 0;

function modelDirectory(...formats: string[]): string {
  const directory = path.join(root, String(count++));
  mkdirSync(directory);
  for (const format of formats) cpSync(path.join(fixtures, format), directory, { recursive: true });
  return directory;
}

const names = (directory: string, files: string[]) =>
  files.map((file) => path.relative(directory, file));

it("safetensors come before pickles, and one file before shards", async () => {
  const directory = modelDirectory(
    "torch-sharded",
    "torch-zip",
    "safetensors-sharded",
    "safetensors",
  );
  const shards = (stem: string, extension: string) =>
    [1, 2].map((n) => `${stem}-0000${n}-of-00002.${extension}`);
  const order = [
    { remove: "model.safetensors", files: ["model.safetensors"] },
    { remove: "model.safetensors.index.json", files: shards("model", "safetensors") },
    { remove: "pytorch_model.bin", files: ["pytorch_model.bin"] },
    { remove: "pytorch_model.bin.index.json", files: shards("pytorch_model", "bin") },
  ];
  for (const { remove, files } of order) {
    expect(names(directory, (await openCheckpoint(directory)).files)).toEqual(files);
    rmSync(path.join(directory, remove));
  }
  expect((await refusal(openCheckpoint(directory))).code).toBe("NOT_FOUND");
});

it("weights behind a symbolic link, as in the hub's cache, are read", async () => {
  const directory = modelDirectory();
  const target = path.join(fixtures, "safetensors/model.safetensors");
  symlinkSync(target, path.join(directory, "model.safetensors"));
  expect((await openCheckpoint(directory)).tensors.size).toBeGreaterThan(0);
});

describe("a directory without weights that can be read", () => {
  it("says what was looked for", async () => {
    const { code, message } = await refusal(openCheckpoint(modelDirectory()));
    expect(code).toBe("NOT_FOUND");
    expect(message).toContain(
      "looked for model.safetensors, model.safetensors.index.json, pytorch_model.bin, pytorch_model.bin.index.json.",
    );
  });

  it.each(["tf_model.h5", "flax_model.msgpack", "model.onnx", "model.gguf"])(
    "says that %s is not read",
    async (name) => {
      const directory = modelDirectory();
      write(directory, name, "");
      const { code, message } = await refusal(openCheckpoint(directory));
      expect(code).toBe("NOT_FOUND");
      expect(message).toContain(`There is ${name}, which sts-native does not read`);
    },
  );

  it("says that it does not exist, or is a file", async () => {
    const missing = await refusal(openCheckpoint(path.join(root, "missing")));
    expect(missing).toMatchObject({ code: "NOT_FOUND" });
    expect(missing.message).toContain("there is no such directory");
    const file = await refusal(openCheckpoint(write(root, "file", "x")));
    expect(file).toMatchObject({ code: "NOT_FOUND" });
    expect(file.message).toContain("this is a file");
  });

  it.each(["model.safetensors", "pytorch_model.bin"])(
    "says that %s is a Git LFS pointer",
    async (name) => {
      const directory = modelDirectory();
      write(directory, name, "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n");
      const { code, message } = await refusal(openCheckpoint(directory));
      expect(code).toBe("CHECKPOINT_CORRUPT");
      expect(message).toContain('run "git lfs pull"');
    },
  );

  it("says that model.safetensors is a directory, or empty", async () => {
    const directory = modelDirectory();
    mkdirSync(path.join(directory, "model.safetensors"));
    expect((await refusal(openCheckpoint(directory))).message).toContain("expected a file");
    const other = modelDirectory();
    write(other, "model.safetensors", "");
    expect((await refusal(openCheckpoint(other))).message).toContain("the file is empty");
  });

  it("does not wait for a named pipe", async () => {
    const directory = modelDirectory();
    execFileSync("mkfifo", [path.join(directory, "model.safetensors")]);
    expect((await refusal(openCheckpoint(directory))).code).toBe("NOT_FOUND");
  });
});

describe("a shard index is refused that", () => {
  const indexFile = "model.safetensors.index.json";
  const first = "model-00001-of-00002.safetensors";

  it.each([
    "../model.safetensors",
    "/etc/model.safetensors",
    "sub/model.safetensors",
    "..\\model.safetensors",
    "C:model.safetensors",
    ".model.safetensors",
    "..",
    "",
    "model\0.safetensors",
    "model.json",
    7,
  ])("points to %j", async (shard) => {
    const directory = modelDirectory("safetensors-sharded");
    write(directory, indexFile, JSON.stringify({ weight_map: { a: first, b: shard } }));
    const { code, message } = await refusal(openCheckpoint(directory));
    expect(code).toBe("CHECKPOINT_CORRUPT");
    expect(message).toContain('tensor "b" is said to be in');
  });

  it("lists a shard that is missing", async () => {
    const directory = modelDirectory("safetensors-sharded");
    rmSync(path.join(directory, "model-00002-of-00002.safetensors"));
    const { code, message } = await refusal(openCheckpoint(directory));
    expect(code).toBe("CHECKPOINT_CORRUPT");
    expect(message).toContain(
      'it lists the file "model-00002-of-00002.safetensors", which is missing',
    );
  });

  it("lists a tensor that its shard does not have", async () => {
    const directory = modelDirectory("safetensors-sharded");
    write(directory, indexFile, JSON.stringify({ weight_map: { absent: first } }));
    const { code, message } = await refusal(openCheckpoint(directory));
    expect(code).toBe("CHECKPOINT_CORRUPT");
    expect(message).toContain(`${first}: tensor "absent" is missing`);
  });

  it.each([
    ["is empty", ""],
    ["is cut off", '{"weight_map": {"a": '],
    ["has no weight_map", "{}"],
    ["has an empty weight_map", '{"weight_map": {}}'],
    ["has a list for a weight_map", '{"weight_map": ["a"]}'],
    ["names a tensor twice", `{"weight_map": {"a": "${first}", "a": "${first}"}}`],
  ])("%s", async (_, content) => {
    const directory = modelDirectory("safetensors-sharded");
    write(directory, indexFile, content);
    const { code, message } = await refusal(openCheckpoint(directory));
    expect(code).toBe("CHECKPOINT_CORRUPT");
    expect(message).toContain(indexFile);
  });
});
