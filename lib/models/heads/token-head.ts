import { ops } from "../../tensor/ops.js";
import { Tensor } from "../../tensor/tensor.js";
import type { EncoderConfig } from "../config.js";
import type { PackedBatch } from "../packing.js";
import { linearSpec, outputSpec } from "../parameters.js";
import { linear, linearInBackground, type Head } from "./head.js";
import type { TokenHeadConfig } from "./head-config.js";

const activations = { tanh: ops.tanh, gelu: ops.gelu, relu: ops.relu };

/**
 * Blocks of dropout → linear → activation on every token's vector, read out over the whole sequence
 * into the outputs:
 *
 * - `mean`: the mean of the vectors → linear, the same as the mean of one output for each token;
 * - `flatten`: the vectors side by side, zeros after the last token up to `length` → linear, so
 *   that each position has weights of its own.
 */
export function tokenHead(config: EncoderConfig, settings: TokenHeadConfig, outputs: number): Head {
  const { widths, dropout: p, activation, readout, length } = settings;
  const sizes = [config.hiddenSize, ...widths];
  const blocks = widths.map((width, i) => ({ name: `token_head.${i}`, input: sizes[i]!, width }));
  const last = widths.at(-1)!;
  return {
    specs: [
      ...blocks.flatMap(({ name, input, width }) => linearSpec(name, input, width)),
      ...outputSpec("token_head.out", readout === "mean" ? last : last * length, outputs),
    ],
    reads: "last",
    async forward({ states, batch, parameters, dropout }) {
      let tokens = states.at(-1)!;
      for (const { name } of blocks) {
        const dropped = ops.dropout(tokens, p, dropout);
        tokens = activations[activation](await linearInBackground(parameters, name, dropped));
      }
      const features =
        readout === "mean"
          ? ops.segmentReduce(ops.to(tokens, "float32"), "mean", batch.lengths)
          : flatten(tokens, batch, length);
      return linear(parameters, "token_head.out", features);
    },
  };
}

/** [totalTokens, width] → [sequences, length · width] */
function flatten(tokens: Tensor, { cumulativeLengths }: PackedBatch, length: number): Tensor {
  const sequences = cumulativeLengths.length - 1;
  const width = tokens.shape[1]!;
  const rows = Int32Array.from({ length: tokens.shape[0]! });
  for (let sequence = 0; sequence < sequences; sequence++) {
    const [begin, end] = [cumulativeLengths[sequence]!, cumulativeLengths[sequence + 1]!];
    for (let token = begin; token < end; token++) rows[token] = sequence * length + token - begin;
  }
  const padded = ops.indexCopy(
    ops.zeros([sequences * length, width], tokens.dtype),
    0,
    Tensor.from(rows, [rows.length], "int64"),
    tokens,
  );
  return ops.reshape(padded, [sequences, length * width]);
}
