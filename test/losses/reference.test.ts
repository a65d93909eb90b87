import { compileLoss } from "../../lib/losses/compile.js";
import { lossNames } from "../../lib/losses/registry.js";
import type { Outputs } from "../../lib/losses/loss.js";
import { scope } from "../../lib/tensor/scope.js";
import type { Tensor } from "../../lib/tensor/tensor.js";
import { relativeDifference } from "../support/fixtures.js";
import {
  gradientsOf,
  isMatrix,
  leaf,
  outputsWith,
  readLosses,
  targetsOf,
  type Batch,
  type Case,
} from "./support.js";

type Inputs = { leaves: Tensor[]; outputs: Outputs };

const files: Record<string, (batch: Batch) => Inputs> = {
  scores: (batch) => {
    const scores = leaf(batch.scores);
    return { leaves: [scores], outputs: outputsWith({ scores }) };
  },
  logits: (batch) => {
    const logits = leaf(batch.logits);
    return { leaves: [logits], outputs: outputsWith({ logits }) };
  },
  embeddings: (batch) => {
    const embeddings = batch.embeddings.map(leaf);
    return { leaves: embeddings, outputs: outputsWith({ embeddings }) };
  },
};

/** Against the largest expected value, or against 0.01 where all are smaller. */
const floor = 0.01;

async function expectReference(loss: Tensor, leaves: readonly Tensor[], expected: Case) {
  expect(relativeDifference([loss.item()], [expected.value], floor)).toBeLessThan(1e-6);
  const gradients = await gradientsOf(loss, leaves);
  expect(gradients).toHaveLength(expected.gradients.length);
  gradients.forEach((gradient, i) => {
    const difference = relativeDifference(gradient, expected.gradients[i]!, floor);
    expect(difference).toBeLessThan(1e-5);
  });
}

describe.each(Object.keys(files))("%s: a training that follows the published loss", (file) => {
  const { batches, cases } = readLosses(file);

  it.each(cases)(
    "$loss has its value, to 1e-6, and gradient, to 1e-5: $batch",
    async (expected) => {
      await scope(async () => {
        const batch = batches[expected.batch]!;
        const { leaves, outputs } = files[file]!(batch);
        const targets = targetsOf(batch.labels, batch.range);
        await expectReference(
          compileLoss(expected.loss).compute(outputs, targets),
          leaves,
          expected,
        );
      });
    },
  );
});

describe("r-drop: a regulariser that follows the paper", () => {
  const { batches, cases } = readLosses("r-drop");

  it.each(cases)("$loss: value to 1e-6, both gradients to 1e-5: $batch", async (expected) => {
    await scope(async () => {
      const { passes } = batches[expected.batch]!;
      const leaves = passes.map(leaf);
      const [first, second] = leaves.map((input) =>
        outputsWith(isMatrix(passes[0]!) ? { logits: input } : { scores: input }),
      );
      const loss = compileLoss(expected.loss).consistency(first!, second!);
      await expectReference(loss, leaves, expected);
    });
  });
});

it("leaves no loss without a reference", () => {
  const tested = [...Object.keys(files), "r-drop"]
    .flatMap((file) => readLosses(file).cases)
    .flatMap(({ loss }) => loss.split(" + "))
    .map((loss) => loss.replace(/\(.*/, ""));
  expect(new Set(tested)).toEqual(new Set(lossNames));
});
