import { parseSpace } from "../../../lib/training/sweep/space.js";

const lr = { min: 1e-5, max: 1e-4, scale: "log" };

it("fills in what is left out", () => {
  const fields = { warmupRatio: { min: 0, max: 0.2 } };
  const range = { min: 0, max: 0.2, scale: "linear" };
  expect(parseSpace({ method: "halving", candidates: 9, fields }, "space.yaml")).toEqual({
    ...{ method: "halving", candidates: 9, factor: 3 },
    fields: { warmupRatio: range },
  });
});

it("takes what it gave again", () => {
  const values = { method: "random", trials: 3, fields: { lr, "head.widths": [[8], [4, 4]] } };
  const space = parseSpace(values, "space.yaml");
  expect(parseSpace(space, "config.yaml: space")).toEqual(space);
});

it.each<[unknown, RegExp]>([
  [undefined, /expected a method and fields, got undefined/],
  [[], /expected a method and fields, got an array of 0/],
  [{ fields: { lr } }, /method: expected one of grid, random, halving; it is missing/],
  [{ method: "radnom" }, /method: .*got "radnom"\. Did you mean "random"\?/],
  [{ method: "grid", trials: 3, fields: { lr: [1] } }, /trials is for method: random, not for/],
  [
    { method: "random", trials: 3, minEpochs: 3, fields: { lr } },
    /minEpochs is for method: halving/,
  ],
  [
    { method: "random", trails: 3, fields: { lr } },
    /trials is required\.\nthere is no setting "trails"\. Did you mean "trials"\?/,
  ],
  [{ method: "random", fields: { lr } }, /trials is required/],
  [{ method: "random", trials: 0, fields: { lr } }, /trials: .*got 0/],
  [{ method: "random", trials: 1e6, fields: { lr } }, /trials: .*got 1000000/],
  [{ method: "halving", candidates: 9, factor: 1, fields: { lr } }, /factor: .*got 1/],
  [{ method: "grid" }, /fields is required/],
  [{ method: "grid", fields: [] }, /fields: .*got \[\]/],
  [{ method: "grid", fields: {} }, /fields: name at least one setting/],
])("%j is refused by the name of what is wrong", (values, message) => {
  expect(() => parseSpace(values, "space.yaml")).toThrow(
    expect.objectContaining({
      code: "INVALID_ARGUMENT",
      message: expect.stringMatching(new RegExp(`^space\\.yaml: ${message.source}`)) as string,
    }) as Error,
  );
});

const random = (fields: object) => ({ method: "random", trials: 3, fields });
const grid = (fields: object) => ({ method: "grid", fields });

it.each<[object, RegExp]>([
  [random({ lrr: [1] }), /fields\.lrr: there is no setting "lrr"\. Did you mean "lr"\?/],
  [random({ output: ["a"] }), /fields\.output: every trial has a directory of its own/],
  [random({ lr: 3 }), /fields\.lr: expected a list of values.*or a range.*got 3/],
  [random({ lr: [] }), /fields\.lr: the list of values is empty/],
  [random({ lr: [1, 2, 1] }), /fields\.lr: has the value 1 twice/],
  [random({ "head.widths": [[4], [4]] }), /fields\.head\.widths: has the value \[4\] twice/],
  [
    random({ lr: { mn: 1, max: 2 } }),
    /fields\.lr: min is required\.\nthere is no setting "mn"\. Did you mean "min"\?/,
  ],
  [random({ lr: { min: 1 } }), /fields\.lr: max is required/],
  [
    random({ lr: { min: 1, max: 1.0000000001, step: 1e-14 } }),
    /fields\.lr: step: 1e-14 is too small beside 1\.0000000001/,
  ],
  [random({ lr: { min: 2, max: 2 } }), /fields\.lr: min must be below max, got 2 and 2/],
  [random({ lr: { min: 0, max: 2, scale: "log" } }), /scale: log needs a min above 0, got 0/],
  [
    random({ lr: { min: 1, max: 9, scale: "log", step: 2 } }),
    /scale: log needs a min above half a step, got 1/,
  ],
  [random({ lr: { min: 1, max: 9, step: 0 } }), /fields\.lr: step: .*got 0/],
  [random({ lr: { min: 1, max: 9, scale: "logarithmic" } }), /fields\.lr: scale: .*"logarithmic"/],
  [random({ batchSize: { min: 8, max: 32 } }), /batchSize: takes whole numbers: .*such as step: 1/],
  [random({ batchSize: { min: 8.5, max: 32, step: 1 } }), /batchSize: takes whole numbers/],
  [random({ patience: { min: 1, max: 3, step: 0.5 } }), /patience: takes whole numbers/],
  [
    random({ head: ["tokens"], "head.widths": [[4]] }),
    /head\.widths: is a part of head, which is searched too/,
  ],
  [grid({ lr: { min: 1, max: 2 } }), /fields\.lr: a grid needs a list of values, or a range with/],
  [
    grid({ lr: { min: 1, max: 2, scale: "log", step: 1 } }),
    /fields\.lr: scale says how values are/,
  ],
  [
    grid({ seed: { min: 1, max: 200, step: 1 }, batchSize: { min: 1, max: 51, step: 1 } }),
    /fields: are 10200 combinations; a grid has at most 10000/,
  ],
  [
    { method: "halving", candidates: 9, fields: { epochs: [1, 2] } },
    /fields\.epochs: halving says how long each rung is trained/,
  ],
])("%j is refused by the name of the field", (values, message) => {
  expect(() => parseSpace(values, "space.yaml")).toThrow(message);
});
