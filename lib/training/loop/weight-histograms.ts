import { memberOf, parameterDepths, type ParameterDepth } from "../../models/parameter-depth.js";
import type { Parameters } from "../../models/parameters.js";
import { callInBackground } from "../../tensor/call.js";
import { noGrad } from "../../tensor/context.js";
import { ops } from "../../tensor/ops.js";
import { scope } from "../../tensor/scope.js";
import type { Tensor } from "../../tensor/tensor.js";
import { edgesOf, intervals, type Histogram } from "../../tracking/histogram.js";

type Moments = Omit<Histogram, "edges" | "counts">;

/**
 * How the weights of each layer are distributed, by tag: `weights/embeddings`,
 * `weights/layer_01` and so on, `weights/head`; those of an ensemble's members by member.
 * @returns null for a layer with a weight that is not finite
 */
export async function weightHistograms(
  parameters: Parameters,
): Promise<Map<string, Histogram | null>> {
  const depths = parameterDepths([...parameters.keys()]);
  const layers = new Map<string, Tensor[]>();
  for (const [name, tensor] of parameters) {
    const tag = `weights/${memberOf(name).replace(/\.$/, "/")}${layerName(depths.get(name)!)}`;
    layers.set(tag, [...(layers.get(tag) ?? []), tensor]);
  }
  const histograms = new Map<string, Histogram | null>();
  for (const [tag, tensors] of layers) histograms.set(tag, await histogramOfTensors(tensors));
  return histograms;
}

function layerName({ depth, layers }: ParameterDepth): string {
  if (depth > layers) return "head";
  return depth === 0 ? "embeddings" : `layer_${String(depth).padStart(2, "0")}`;
}

/** One histogram of all elements of several tensors. */
function histogramOfTensors(tensors: readonly Tensor[]): Promise<Histogram | null> {
  return scope(() =>
    noGrad(async () => {
      const moments = momentsOf(await inTurn(tensors, summaryOf));
      const { min, max } = moments;
      if (!Number.isFinite(max - min)) return null;
      const edges = edgesOf(min, max);
      const pieces = (await inTurn(tensors, piecesOf)).flat();
      const counts = await inTurn(pieces, (piece) => countsOf(piece, edges));
      return { ...moments, edges, counts: counts.reduce(add) };
    }),
  );
}

async function summaryOf(tensor: Tensor): Promise<Moments> {
  const [min, max] = (await callInBackground("aten::aminmax", tensor)) as [Tensor, Tensor];
  const sum = (await callInBackground("aten::sum", tensor)) as Tensor;
  const norm = (await callInBackground("aten::linalg_vector_norm", tensor)) as Tensor;
  return {
    min: min.item(),
    max: max.item(),
    count: tensor.shape.reduce((product, size) => product * size, 1),
    sum: sum.item(),
    sumOfSquares: norm.item() ** 2,
  };
}

/** The operator that counts does so in float32, which is exact up to so many. */
const atMost = 2 ** 24;

const piecesOf = async (tensor: Tensor): Promise<Tensor[]> =>
  (await callInBackground("aten::split.Tensor", ops.flatten(tensor), atMost)) as Tensor[];

async function countsOf(tensor: Tensor, edges: readonly number[]): Promise<number[]> {
  const range = [edges[0]!, edges[intervals]!] as const;
  return (
    (await callInBackground("aten::histc", tensor, intervals, ...range)) as Tensor
  ).toNumbers();
}

const momentsOf = (parts: readonly Moments[]): Moments =>
  parts.reduce((a, b) => ({
    min: Math.min(a.min, b.min),
    max: Math.max(a.max, b.max),
    count: a.count + b.count,
    sum: a.sum + b.sum,
    sumOfSquares: a.sumOfSquares + b.sumOfSquares,
  }));

const add = (a: readonly number[], b: readonly number[]): number[] => a.map((x, i) => x + b[i]!);

async function inTurn<T, R>(items: readonly T[], body: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (const item of items) results.push(await body(item));
  return results;
}
