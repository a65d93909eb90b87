import { call, callInBackground } from "../../lib/tensor/call.js";
import { autocast, noGrad } from "../../lib/tensor/context.js";
import { ops } from "../../lib/tensor/ops.js";
import { scope } from "../../lib/tensor/scope.js";
import { Tensor } from "../../lib/tensor/tensor.js";

const matrix = () => Tensor.from(Float32Array.of(1.001, 2.002, 3.003, 4.004), [2, 2]);

/** The type that a matrix product comes out in. */
const productType = () =>
  scope(() => {
    const a = matrix();
    return ops.matmul(a, a).dtype;
  });

const productTypeInBackground = () =>
  scope(async () => {
    const a = matrix();
    return ((await callInBackground("aten::matmul", a, a)) as Tensor).dtype;
  });

const turn = () => new Promise((resolve) => setImmediate(resolve));

it.each(["bfloat16", "float16"] as const)(
  "%s computes products in 16 bits, here and in the background, and nothing after it",
  async (type) => {
    expect(autocast(type, productType)).toBe(type);
    expect(productType()).toBe("float32");
    expect(await autocast(type, productTypeInBackground)).toBe(type);
    expect(await productTypeInBackground()).toBe("float32");
    expect(productType()).toBe("float32");
  },
);

it("a product in 16 bits has the rounding of 16 bits", () => {
  scope(() => {
    const a = matrix();
    const [exact] = ops.matmul(a, a).toNumbers();
    const [rounded] = autocast("bfloat16", () => ops.to(ops.matmul(a, a), "float32")).toNumbers();
    expect(rounded).not.toBe(exact);
    expect(Math.abs(rounded! / exact! - 1)).toBeLessThan(2 ** -7);
  });
});

it("what needs range stays in float32", () => {
  autocast("bfloat16", () =>
    scope(() => {
      const a = matrix();
      expect(ops.mseLoss(ops.matmul(a, a), a, "mean").dtype).toBe("float32");
      expect(ops.add(a, a).dtype).toBe("float32");
    }),
  );
});

it("the innermost type counts, null is none, and the outer one is back afterwards", async () => {
  await autocast("bfloat16", async () => {
    expect(productType()).toBe("bfloat16");
    expect(autocast("float16", productType)).toBe("float16");
    expect(autocast(null, productType)).toBe("float32");
    expect(await autocast(null, productTypeInBackground)).toBe("float32");
    expect(noGrad(productType)).toBe("bfloat16");
    expect(productType()).toBe("bfloat16");
  });
});

it("two computations at the same time do not see each other's type", async () => {
  const repeated = async () => {
    const types = new Set<string>();
    for (let i = 0; i < 20; i++) {
      types.add(productType());
      types.add(await productTypeInBackground());
      await turn();
    }
    return [...types];
  };
  const types = await Promise.all([
    autocast("bfloat16", repeated),
    repeated(),
    autocast("float16", repeated),
  ]);
  expect(types).toEqual([["bfloat16"], ["float32"], ["float16"]]);
});

it("an error leaves nothing behind", async () => {
  const wrong = () =>
    scope(() => call("aten::matmul", matrix(), Tensor.from(Float32Array.of(1, 2, 3))));
  const wrongInBackground = () =>
    scope(() => callInBackground("aten::matmul", matrix(), Tensor.from(Float32Array.of(1, 2, 3))));
  expect(() => autocast("bfloat16", wrong)).toThrow();
  expect(productType()).toBe("float32");
  await expect(autocast("bfloat16", wrongInBackground)).rejects.toThrow();
  expect(await productTypeInBackground()).toBe("float32");
  expect(productType()).toBe("float32");
});

it("a weight that has changed is cast again", () => {
  scope(() => {
    const weight = matrix();
    const input = matrix();
    const product = () => autocast("bfloat16", () => ops.matmul(input, weight));
    const values = () => ops.to(product(), "float32").toNumbers();
    weight.requiresGrad = true;
    const before = values();
    noGrad(() => call("aten::mul_.Scalar", weight, 2));
    expect(values()).toEqual(before.map((value) => value * 2));
  });
});

it("the gradient of a float32 weight is float32", async () => {
  const weight = matrix();
  weight.requiresGrad = true;
  await scope(async () => {
    const product = autocast("bfloat16", () => ops.matmul(matrix(), weight));
    expect(product.dtype).toBe("bfloat16");
    await ops.mean(ops.to(product, "float32")).backward();
    expect(weight.grad!.dtype).toBe("float32");
  });
  ops.clearGrads([weight]);
  weight.dispose();
});
