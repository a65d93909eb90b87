import { batchIndices } from "../../lib/data/batches.js";
import { Random } from "../../lib/data/random.js";

test("the last batch holds what is left, so that no pair is lost", () => {
  expect([...batchIndices(7, 3)]).toEqual([[0, 1, 2], [3, 4, 5], [6]]);
  expect([...batchIndices(6, 3)]).toEqual([
    [0, 1, 2],
    [3, 4, 5],
  ]);
  expect([...batchIndices(2, 10)]).toEqual([[0, 1]]);
  expect([...batchIndices(0, 3)]).toEqual([]);
});

test("shuffled batches hold every pair once, in another order each epoch", () => {
  const shuffle = new Random(5);
  const epochs = [1, 2].map(() => [...batchIndices(100, 16, { shuffle })].flat());
  for (const epoch of epochs) {
    expect([...epoch].sort((a, b) => a - b)).toEqual([...Array(100).keys()]);
  }
  expect(epochs[0]).not.toEqual(epochs[1]);
  const again = [...batchIndices(100, 16, { shuffle: new Random(5) })].flat();
  expect(again).toEqual(epochs[0]);
});

test.each([0, -1, 1.5, NaN])("a batch size of %d is refused", (batchSize) => {
  expect(() => [...batchIndices(4, batchSize)]).toThrow("batchSize: expected a positive integer");
});
