import { assign } from "../../lib/cli/assignments.js";

const known = ["epochs", "head", "freeze", "loss", "members", "parameterRules", "columns"];

it.each([
  [["epochs=3"], { epochs: 3 }],
  [["epochs = 3 "], { epochs: 3 }],
  [["epochs=3", "epochs=4"], { epochs: 4 }],
  [["loss=mse + 0.5*huber(delta=2)"], { loss: "mse + 0.5*huber(delta=2)" }],
  [["freeze=1/3"], { freeze: "1/3" }],
  [["freeze=0.5"], { freeze: 0.5 }],
  [["freeze='2'"], { freeze: "2" }],
  [["members=[a, runs/b]"], { members: ["a", "runs/b"] }],
  [["head={type: tokens, widths: [8]}"], { head: { type: "tokens", widths: [8] } }],
  [["head.type=tokens", "head.widths=[512,256]"], { head: { type: "tokens", widths: [512, 256] } }],
  [["parameterRules.0.pattern=bias"], { parameterRules: [{ pattern: "bias" }] }],
  [["epochs="], { epochs: null }],
  [["columns.toString=a"], { columns: { toString: "a" } }],
])("--set %j is a setting as YAML writes it", (assignments, expected) => {
  expect(assign({}, assignments, known)).toEqual(expected);
});

it("a value stands over that of the file, whose other values stay, and the file's are not changed", () => {
  const file = { epochs: 1, head: { type: "tokens", widths: [8] }, columns: null };
  const result = assign(file, ["head.widths=[4]", "columns.label=score"], known);
  expect(result).toEqual({
    epochs: 1,
    head: { type: "tokens", widths: [4] },
    columns: { label: "score" },
  });
  expect(file.head.widths).toEqual([8]);
});

it("a rule of a list can be changed or added by its place", () => {
  const file = { parameterRules: [{ pattern: "bias", lr: 1 }] };
  const rules = ["parameterRules.0.lr=2", "parameterRules.1.pattern=norm"];
  expect(assign(file, rules, known)).toEqual({
    parameterRules: [{ pattern: "bias", lr: 2 }, { pattern: "norm" }],
  });
});

it.each([
  ["epochs", /--set: expected key=value, got "epochs"/],
  ["=3", /--set: expected key=value, got "=3"/],
  ["epoch=3", /there is no setting "epoch"\. Did you mean "epochs"\?/],
  ["epochs=[1", /--set epochs: "\[1" is not a value as YAML writes it/],
  ["epochs=a: b: c", /--set epochs: .* is not a value as YAML/],
  ["epochs.x=1", /--set epochs\.x: epochs is 1, in which "x" cannot be set/],
  ["parameterRules.lr=1", /parameterRules is a list, in which "lr" cannot be set/],
  ["parameterRules.2.lr=1", /parameterRules is a list, in which "2" cannot be set/],
  ["head..x=1", /--set head\.\.x: expected names with a dot between/],
  ["head.=1", /--set head\.: expected names with a dot between/],
  ["head.__proto__.polluted=1", /expected names with a dot between/],
  ["head.__proto__=1", /expected names with a dot between/],
])("--set %s is refused, saying what is wrong", (assignment, message) => {
  const file = { epochs: 1, parameterRules: [{ pattern: "bias" }], head: { type: "family" } };
  expect(() => assign(file, [assignment], known)).toThrow(
    expect.objectContaining({
      code: "INVALID_ARGUMENT",
      message: expect.stringMatching(message) as string,
    }) as Error,
  );
  expect("polluted" in {}).toBe(false);
});
