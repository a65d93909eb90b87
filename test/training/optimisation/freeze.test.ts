import path from "node:path";
import { CrossEncoder } from "../../../lib/models/cross-encoder.js";
import { Generator } from "../../../lib/tensor/generator.js";
import { ops } from "../../../lib/tensor/ops.js";
import { scope } from "../../../lib/tensor/scope.js";
import { frozenParameters } from "../../../lib/training/optimisation/freeze.js";
import { tinyPairs } from "../../support/tiny-model.js";
import { weightsIn, Workspace } from "../support.js";

const space = new Workspace();

/** A name or two of each part of a model. */
const namesOf = (layers: number, prefix = "") => [
  `${prefix}bert.embeddings.word_embeddings.weight`,
  `${prefix}bert.embeddings.LayerNorm.bias`,
  ...Array.from({ length: layers }, (_, i) => `${prefix}bert.encoder.layer.${i}.output.dense.bias`),
  `${prefix}bert.pooler.dense.weight`,
  `${prefix}classifier.weight`,
];

/** What is frozen, in short: the embeddings as `e`, layers by their numbers, the rest as `h`. */
function summary(frozen: Iterable<string>): string {
  const parts = [...frozen].map((name) => {
    if (name.includes("embeddings")) return "e";
    return /layer\.(\d+)/.exec(name)?.[1] ?? "h";
  });
  return [...new Set(parts)].join(" ");
}

it.each([
  [2, "none", ""],
  [2, "1/3", "e"],
  [2, "1/2", "e 0"],
  [2, "2/3", "e 0"],
  [3, "1/3", "e 0"],
  [3, "2/3", "e 0 1"],
  [4, "1/3", "e 0"],
  [4, "2/3", "e 0 1"],
  [12, "1/3", "e 0 1 2 3"],
  [12, "2/3", "e 0 1 2 3 4 5 6 7"],
  [12, "5/12", "e 0 1 2 3 4"],
  [12, 0.25, "e 0 1 2"],
  [12, "0.25", "e 0 1 2"],
  [12, " 3 / 4 ", "e 0 1 2 3 4 5 6 7 8"],
  [12, 3, "e 0 1 2"],
  [12, "3", "e 0 1 2"],
  [12, 12, "e 0 1 2 3 4 5 6 7 8 9 10 11"],
  [2, "3/3", "e 0 1"],
  [2, "1.0", "e 0 1"],
  [2, 0, "e"],
  [3, "embeddings|layer\\.[02]\\.", "e 0 2"],
  [3, "^(?!classifier)", "e 0 1 2 h"],
])("of %i layers freeze: %j freezes %j", (layers, freeze, expected) => {
  expect(summary(frozenParameters(namesOf(layers), freeze))).toBe(expected);
});

it("of an ensemble each member's part is frozen, and what joins them is not", () => {
  const names = ["stacking.weight", ...namesOf(3, "members.0."), ...namesOf(12, "members.1.")];
  const frozen = frozenParameters(names, "1/3");
  const of = (prefix: string) => summary([...frozen].filter((name) => name.startsWith(prefix)));
  expect(of("stacking")).toBe("");
  expect(of("members.0.")).toBe("e 0");
  expect(of("members.1.")).toBe("e 0 1 2 3");
  expect(summary(frozenParameters(names, "^members\\.0\\..*layer\\.1\\."))).toBe("1");
});

it.each([
  ["5/3", /expected a fraction from 0 to 1, such as 1\/3, got 5\/3/],
  ["1/0", /expected a fraction from 0 to 1/],
  ["0/0", /expected a fraction from 0 to 1/],
  [1.5, /expected a fraction from 0 to 1, such as 1\/3, got 1\.5/],
  [4, /expected at most the encoder's 3 layers, got 4/],
  ["pooler.nothing", /no parameter's name matches "pooler\.nothing"\. Names are such as bert\./],
  ["layer.(", /"layer\.\(" is not a regular expression/],
])("freeze: %j is refused, saying what is wrong", (freeze, message) => {
  expect(() => frozenParameters(namesOf(3), freeze)).toThrow(
    expect.objectContaining({
      code: "INVALID_ARGUMENT",
      message: expect.stringMatching(message) as string,
    }) as Error,
  );
});

it("a run in which all is frozen is refused and leaves nothing in the way", async () => {
  const options = space.options({ epochs: 1 });
  await expect(space.train({ ...options, freeze: "." })).rejects.toMatchObject({
    code: "INVALID_ARGUMENT",
    message: expect.stringMatching(/freeze: all 41 parameters are frozen/) as string,
  });
  await expect(
    space.train({ ...options, parameterRules: [{ pattern: "nothing", lr: 1 }] }),
  ).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
  await space.train({ ...options, freeze: 0.5 });
});

it.each(["1/2", 2, "embeddings|query"])(
  "with freeze: %j frozen weights stay as they were to the bit, and all others change",
  async (freeze) => {
    let told: readonly string[] = [];
    const { output } = await space.train(
      { model: space.file("dropout"), freeze, average: "ema", weightDecay: 0.1 },
      { onStart: ({ frozen }) => void (told = frozen) },
    );
    const before = await weightsIn(space.file("dropout"));
    const after = await weightsIn(path.join(output, "last"));
    const same = [...after].filter(([name, values]) => String(values) === String(before.get(name)));
    // A key's bias cancels in the softmax: its gradient is noise or nothing.
    const unmoved = same.map(([name]) => name).filter((name) => !name.endsWith("key.bias"));
    expect(unmoved).toEqual(told.filter((name) => !name.endsWith("key.bias")));
    expect(unmoved.length).toBeGreaterThan(1);
  },
);

it.each([false, true])(
  "a frozen prefix is computed without autograd: nothing of it is kept for a backward (recompute: %s)",
  async (recompute) => {
    using model = await CrossEncoder.load(space.file("dropout"));
    const frozen = frozenParameters([...model.parameters.keys()], "1/2");
    for (const [name, parameter] of model.parameters) parameter.requiresGrad = !frozen.has(name);
    const examples = await model.tokenize(tinyPairs(4).map(({ pair }) => pair));
    const { backbone } = model.network;
    await scope(async () => {
      const pass = { dropout: new Generator(1), recompute };
      const states = await backbone.states(backbone.pack(examples.flat()), pass, "all");
      // The embeddings, the frozen layer, and the one that is trained.
      expect(states.map((state) => state.requiresGrad)).toEqual([false, false, true]);
      const { scores } = await model.forward(examples, pass);
      await ops.mean(scores).backward();
    });
    for (const [name, parameter] of model.parameters) {
      using grad = parameter.grad;
      expect([name, grad === null]).toEqual([name, frozen.has(name)]);
    }
    ops.clearGrads([...model.parameters.values()]);
  },
);
