import { cpSync, mkdirSync, symlinkSync } from "node:fs";
import path from "node:path";
import { expectMistake, lastLine, stsNative, temporaryDirectory } from "./support.js";

const directory = temporaryDirectory();

/** The package without its addon, as it is before `sts-native setup`. */
function packageWithoutAddon(): string {
  const root = path.join(directory, "package");
  mkdirSync(root);
  for (const part of ["bin", "dist", "scripts/bootstrap", "package.json"]) {
    cpSync(part, path.join(root, part), { recursive: true });
  }
  symlinkSync(path.resolve("node_modules"), path.join(root, "node_modules"));
  return root;
}
const bare = packageWithoutAddon();

it("--help lists the commands, --version says the version", async () => {
  const { stdout, code } = await stsNative(["--help"]);
  expect(code).toBe(0);
  for (const name of ["train", "evaluate", "predict", "similarity", "doctor", "setup"]) {
    expect(stdout).toContain(`  sts-native ${name}`);
  }
  expect((await stsNative(["--version"])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});

it.each(["train", "evaluate", "predict", "similarity", "doctor", "setup"])(
  "%s --help has its flags and an example",
  async (name) => {
    const { stdout, stderr, code } = await stsNative([name, "--help"]);
    expect(code).toBe(0);
    expect(stderr).toBe("");
    expect(stdout).toMatch(new RegExp(`^sts-native ${name} .*\\n`));
    expect(stdout).toMatch(new RegExp(`Examples:\\n  sts-native ${name}`));
    expect(stdout).toContain("--json");
  },
);

it("train --help shows type, default and choices", async () => {
  const { stdout } = await stsNative(["train", "--help"]);
  expect(stdout).toMatch(/--epochs +\S.* \[number\] \[default: 3\]/);
  expect(stdout).toMatch(/--label-range +\S.* \[string\]/);
  expect(stdout).toMatch(
    /\[string\] \[choices: "linear", "cosine", "constant"\] \[default: linear\]/,
  );
});

it.each<[string[], RegExp]>([
  [[], /a command is missing\. Commands: train, pretrain, evaluate/],
  [["trian"], /there is no command "trian"\. Did you mean "train"\?/],
  [["train", "--epoch", "3"], /there is no flag --epoch\. Did you mean "--epochs"\?/],
  [["train", "--layer-decay", "0.9"], /layerDecay has no flag of its own: .*--set layerDecay=/],
  [["train"], /^error: missing: --model \(.*\), --train \(.*\), --output \(.*\)\.\n$/],
  [["train", "--batchSize", "-1"], /--batch-size: .*"-1"/],
  [["train", "--batch-size", "8", "--batchSize", "8"], /--batch-size is given 2 times/],
  [["train", "--model", "--json"], /--model needs a value/],
  [["train", "--no-json"], /there is no flag --no-json/],
  [["train", "--loss", "mes"], /loss: column 1: .*Did you mean "mse"\?/],
  [["evaluate", "--model", "m", "--data", "d", "x"], /unexpected argument "x"/],
  [["similarity", "--model", "m", "one"], /expected two sentences, each in quotes, got 1/],
  [["similarity", "--model", "m", "one", "two", "three"], /expected two sentences.*got 3/],
  [["similarity", "--model", "m", "one", " "], /a sentence is empty/],
])("%j is one clear mistake", async (args, message) => {
  expectMistake(await stsNative(args), message);
});

describe("without the addon", () => {
  it("doctor shows all the same, says what to do, and ends with 1", async () => {
    const { stdout, code } = await stsNative(["doctor"], { root: bare });
    expect(code).toBe(1);
    expect(stdout).toMatch(/^Node\.js +\d+/m);
    expect(stdout).toMatch(/^libtorch +\S/m);
    expect(stdout).toMatch(/^addon +does not load$/m);
    expect(stdout).toMatch(/^compiler +\S/m);
    expect(stdout).toMatch(/What to do:\n- The addon is not built: .*setup/s);
  });

  it("a training says so before it reads or downloads anything", async () => {
    const args = ["train", "--model", "some/model", "--train", "no.csv", "--output", "run"];
    expectMistake(
      await stsNative(args, { root: bare, cwd: directory }),
      /^error: The addon is not built: .*sts-native setup/,
    );
  });

  it("setup with a LIBTORCH that is none says so", async () => {
    const env = { LIBTORCH: path.join(directory, "nothing") };
    expectMistake(
      await stsNative(["setup"], { root: bare, env }),
      /^error: LIBTORCH names .*nothing, but .*does not exist/,
    );
  });
});

it("doctor --json is an object that has no secret in it", async () => {
  const env = { HF_TOKEN: "hf_secret", HF_ENDPOINT: "https://user:hunter2@hub.example" };
  const outcome = await stsNative(["doctor", "--json"], { env });
  expect(outcome.code).toBe(0);
  expect(outcome.stdout.trimEnd().split("\n")).toHaveLength(1);
  expect(lastLine(outcome)).toMatchObject({
    node: process.versions.node,
    addon: { runtime: { libtorch: expect.stringMatching(/^\d+\.\d+/) as unknown }, problem: null },
    hub: { endpoint: "https://hub.example/", hasToken: true, offline: true },
    advice: [],
  });
  expect(outcome.stdout + outcome.stderr).not.toMatch(/hf_secret|hunter2/);
});
