/**
 * How fast this machine multiplies matrices of the shapes of an encoder's layer: for each shape the
 * fastest operator at its best, and the layer's operations over the sum of their times.
 */
import { Random, Tensor, call, callInBackground, noGrad, ops } from "../../../dist/index.js";

const { config, rows, precision } = JSON.parse(process.argv[2]);
const { hidden_size: hidden, intermediate_size: intermediate } = config;
const random = new Random(1);
const repetitions = 30;
/** Inputs and outputs of each kind of linear layer, and how many a layer has. */
const shapes = [
  { inputs: hidden, outputs: hidden, times: 4 },
  { inputs: hidden, outputs: intermediate, times: 1 },
  { inputs: intermediate, outputs: hidden, times: 1 },
];

let [flops, seconds] = [0, 0];
for (const { inputs, outputs, times } of shapes) {
  const best = await noGrad(() => fastest(inputs, outputs));
  flops += times * 2 * rows * inputs * outputs;
  seconds += times * best;
}
console.log(JSON.stringify({ flopsPerSecond: flops / seconds }));

async function fastest(inputs, outputs) {
  const [input, weight] = [matrix(rows, inputs), matrix(outputs, inputs)];
  const products = [
    () => callInBackground("aten::mm", input, call("aten::t", weight)),
    ...(precision === "fp32"
      ? [() => callInBackground("mkldnn::_linear_pointwise", input, weight, null, "none", [], "")]
      : []),
  ];
  let best = Infinity;
  for (const product of products) {
    for (let i = 0; i < repetitions; i++) {
      const begin = performance.now();
      const result = await product();
      best = Math.min(best, (performance.now() - begin) / 1000);
      result.dispose();
    }
  }
  return best;
}

function matrix(height, width) {
  const values = Float32Array.from({ length: height * width }, () => random.next() - 0.5);
  const tensor = Tensor.from(values, [height, width]);
  return precision === "fp32" ? tensor : ops.to(tensor, "bfloat16");
}
