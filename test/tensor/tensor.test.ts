import { types } from "node:util";
import { call, callInBackground } from "../../lib/tensor/call.js";
import { noGrad } from "../../lib/tensor/context.js";
import { Generator } from "../../lib/tensor/generator.js";
import { memory } from "../../lib/tensor/memory.js";
import { ops } from "../../lib/tensor/ops.js";
import { scope } from "../../lib/tensor/scope.js";
import { Tensor } from "../../lib/tensor/tensor.js";

const vector = (...values: number[]) => Tensor.from(Float32Array.from(values));

describe("data goes in and out unchanged", () => {
  it.each([
    [Float32Array.of(1.5, -2), "float32"],
    [Float64Array.of(0.1, 1e300), "float64"],
    [Int32Array.of(-7, 7), "int32"],
    [BigInt64Array.of(-(2n ** 62n), 3n), "int64"],
    [Uint8Array.of(0, 255), "uint8"],
  ] as const)("%p is %s", (data, dtype) => {
    using tensor = Tensor.from(data);
    expect(tensor.dtype).toBe(dtype);
    expect(tensor.shape).toEqual([data.length]);
    expect(Array.from<number | bigint>(tensor.toData())).toEqual(Array.from<number | bigint>(data));
  });

  it("an empty tensor has a shape and no data", () => {
    using tensor = Tensor.from(new Float32Array(0), [0, 3]);
    expect(tensor.shape).toEqual([0, 3]);
    expect(tensor.toNumbers()).toEqual([]);
  });

  it("a shape that does not fit the data is refused", () => {
    expect(() => Tensor.from(new Float32Array(5), [2, 3])).toThrow(/shape: expected/);
  });
});

describe("operators are found and converted by their schemas", () => {
  it("defaults, lists, optionals, several results", () => {
    scope(() => {
      expect((call("aten::sum", vector(1, 2, 3)) as Tensor).item()).toBe(6);
      const halves = call("aten::split.Tensor", vector(1, 2, 3, 4), 2) as Tensor[];
      expect(halves.map((half) => half.toNumbers())).toEqual([
        [1, 2],
        [3, 4],
      ]);
      const [values, indices] = call("aten::max.dim", vector(4, 9, 2), 0) as [Tensor, Tensor];
      expect([values.item(), indices.item(), indices.dtype]).toEqual([9, 1, "int64"]);
      expect(call("aten::size.int", vector(1, 2), 0)).toBe(2);
    });
  });

  it.each([
    ["aten::no_such_operator", [], /no operator "aten::no_such_operator"/],
    ["aten::sum", ["text"], /self: expected a tensor/],
    ["aten::sum", [{}], /self: expected a tensor/],
    ["aten::sum", [], /self: expected a tensor/],
    ["aten::tanh", [1, 2, 3], /takes at most 1 arguments/],
  ])("%s with %j says what is wrong", (name, args, message) => {
    expect(() => call(name, ...(args as never[]))).toThrow(message);
    expect(() => call(name, ...(args as never[]))).toThrow(
      expect.objectContaining({ code: "INVALID_ARGUMENT" }) as Error,
    );
  });

  it("what libtorch refuses is a typed error, now and in the background", async () => {
    using three = vector(1, 2, 3);
    using two = vector(1, 2);
    const refused = expect.objectContaining({ name: "StsError", code: "OPERATOR_FAILED" }) as Error;
    expect(() => ops.mul(three, two)).toThrow(refused);
    await expect(callInBackground("aten::mul.Tensor", three, two)).rejects.toEqual(refused);
  });

  it("more memory than there is is a typed error", () => {
    expect(() => ops.zeros([2 ** 40, 2 ** 10])).toThrow(
      expect.objectContaining({ code: "OUT_OF_MEMORY" }) as Error,
    );
  });
});

describe("gradients", () => {
  it("are computed in the background and accumulate until they are cleared", async () => {
    await scope(async () => {
      const x = vector(3);
      x.requiresGrad = true;
      await ops.mul(x, x).backward();
      await ops.mul(x, x).backward();
      expect(x.grad!.item()).toBe(12);
      ops.clearGrads([x]);
      expect(x.grad).toBeNull();
    });
  });

  it("are not recorded inside noGrad, also after an await, and are outside of it", async () => {
    await scope(async () => {
      const x = vector(3);
      x.requiresGrad = true;
      const inside = noGrad(async () => {
        await Promise.resolve();
        return ops.mul(x, x);
      });
      expect(ops.mul(x, x).requiresGrad).toBe(true);
      expect((await inside).requiresGrad).toBe(false);
    });
  });
});

describe("random numbers", () => {
  it("are the same for the same seed and go on from a restored state", () => {
    scope(() => {
      const draw = (generator: Generator) => ops.normal([8], 1, generator).toNumbers();
      const [a, b] = [new Generator(7), new Generator(7)];
      expect(draw(a)).toEqual(draw(b));
      const { state } = a;
      const next = draw(a);
      a.state = state;
      expect(draw(a)).toEqual(next);
      expect(draw(new Generator(8))).not.toEqual(draw(new Generator(7)));
    });
  });

  it.each([-1, 1.5, NaN, 2 ** 53])("the seed %p is refused", (seed) => {
    expect(() => new Generator(seed)).toThrow(/seed: expected an integer/);
  });

  it("dropout keeps the mean and is the identity outside training", () => {
    scope(() => {
      const ones = ops.ones([100_000]);
      const dropped = ops.dropout(ones, 0.3, new Generator(1)).toNumbers();
      const kept = dropped.filter((value) => value !== 0);
      expect(kept.length / dropped.length).toBeCloseTo(0.7, 2);
      expect(kept.every((value) => Math.abs(value - 1 / 0.7) < 1e-6)).toBe(true);
      expect(ops.dropout(ones, 0.3, null)).toBe(ones);
      expect(ops.dropout(ops.ones([2]), 1, new Generator(1)).toNumbers()).toEqual([0, 0]);
    });
  });
});

describe("memory is given back", () => {
  it("when a tensor is disposed, once, and its use afterwards is an error", () => {
    const before = memory();
    const tensor = ops.zeros([1000]);
    expect(memory()).toEqual({ tensors: before.tensors + 1, bytes: before.bytes + 4000 });
    tensor.dispose();
    tensor.dispose();
    expect(memory()).toEqual(before);
    expect(() => tensor.toData()).toThrow(expect.objectContaining({ code: "DISPOSED" }) as Error);
    expect(() => ops.tanh(tensor)).toThrow(expect.objectContaining({ code: "DISPOSED" }) as Error);
  });

  it("views share their bytes", () => {
    const before = memory();
    scope(() => {
      const whole = ops.zeros([10, 10]);
      call("aten::slice.Tensor", whole, 0, 0, 5);
      expect(memory()).toEqual({ tensors: before.tensors + 2, bytes: before.bytes + 400 });
    });
    expect(memory()).toEqual(before);
  });

  it("also of a tensor whose storage was exchanged, resized or is none", () => {
    const before = memory();
    scope(() => {
      const [a, b] = [ops.zeros([4]), ops.zeros([8])];
      call("aten::set_.source_Tensor", a, b);
      b.dispose();
      call("aten::resize_", a, [1000]);
      expect(() => ops.tanh(call("aten::to_sparse", ops.ones([3])) as Tensor)).not.toThrow();
    });
    expect(memory()).toEqual(before);
  });

  it("what a scope's work makes after the scope has failed is freed too", async () => {
    const before = memory().tensors;
    let late: Tensor | undefined;
    const work = scope(async () => {
      const slow = new Promise<void>((resolve) => setTimeout(resolve, 5)).then(() => {
        late = vector(1);
      });
      await Promise.all([slow, Promise.reject(new Error("on purpose"))]);
    });
    await expect(work).rejects.toThrow("on purpose");
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(late?.isDisposed).toBe(true);
    expect(memory().tensors).toBe(before);
  });

  it("at the end of a scope, but for what it returns", () => {
    const before = memory().tensors;
    const { kept, list } = scope(() => {
      const [a, b] = [vector(1), vector(2)];
      ops.mul(a, b);
      return { kept: ops.mul(a, a), list: [b] };
    });
    expect(memory().tensors).toBe(before + 2);
    expect([kept.item(), list[0]!.item()]).toEqual([1, 2]);
    kept.dispose();
    list[0]!.dispose();
    expect(memory().tensors).toBe(before);
  });

  it("at the end of an asynchronous scope, without touching another in flight", async () => {
    const before = memory().tensors;
    const work = (value: number) =>
      scope(async () => {
        const tensor = vector(value);
        await new Promise((resolve) => setTimeout(resolve, value));
        return ops.mul(tensor, tensor).item();
      });
    expect(await Promise.all([work(9), work(3), work(1)])).toEqual([81, 9, 1]);
    expect(memory().tensors).toBe(before);
  });

  it("after an error inside a scope, thrown or rejected", async () => {
    const before = memory().tensors;
    const fail = () => {
      vector(1, 2, 3);
      throw new Error("on purpose");
    };
    expect(() => scope(fail)).toThrow("on purpose");
    await expect(
      scope(async () => {
        vector(1);
        await Promise.resolve();
        fail();
      }),
    ).rejects.toThrow("on purpose");
    expect(memory().tensors).toBe(before);
  });

  it("what a scope returns belongs to the scope around it", () => {
    const before = memory().tensors;
    scope(() => {
      const inner = scope(() => vector(1));
      expect(inner.isDisposed).toBe(false);
    });
    expect(memory().tensors).toBe(before);
  });
});

it("an error of the addon is an Error with a stack", async () => {
  const error: unknown = await callInBackground("aten::tanh", null).catch((e: unknown) => e);
  expect(types.isNativeError(error)).toBe(true);
  expect((error as Error).stack).toContain("StsError");
});
