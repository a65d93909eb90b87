import { spawnSync } from "node:child_process";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { fixture } from "../support/fixtures.js";

const library = pathToFileURL(path.join(process.cwd(), "dist/index.js")).href;
const internal = (name: string) => pathToFileURL(path.join(process.cwd(), "dist", name)).href;
const model = fixture("encoders/roberta");

/** Runs a program in a process of its own and gives what it printed. */
function run(program: string) {
  const args = ["--input-type=module", "--eval", program];
  return spawnSync(process.execPath, args, { encoding: "utf8", timeout: 60_000 });
}

const prelude = `
  import { Worker } from "node:worker_threads";
  import { Tensor, autocast, call, callInBackground, memory, noGrad, scope } from ${JSON.stringify(library)};
  import { SequenceModel } from ${JSON.stringify(internal("models/sequence-model.js"))};
  const encodings = [{ ids: Int32Array.of(0, 5, 6, 2), typeIds: new Int32Array(4), truncated: false }];
  const load = () => SequenceModel.load(${JSON.stringify(model)});
`;

const worker = (body: string) => `
  import { parentPort } from "node:worker_threads";
  ${prelude.replace('import { Worker } from "node:worker_threads";', "")}
  ${body}
`;

it("the process ends by itself when the work is done", () => {
  const result = run(`${prelude}
    const model = await load();
    const scores = await noGrad(() => model.forward(encodings, null));
    console.log(scores.toNumbers().length);
  `);
  expect(result).toMatchObject({ status: 0, stdout: "1\n", stderr: "" });
});

it.each([
  ["process.exit", "process.exit(3)", 3],
  ["an error that nobody catches", "process.stderr.write = () => true; throw new Error()", 1],
])("%s while the addon works ends the process with its code", (_, end, status) => {
  const result = run(`${prelude}
    const big = call("aten::ones", [1500, 1500]);
    for (let i = 0; i < 20; i++) {
      void autocast("bfloat16", () => callInBackground("aten::mm", big, big));
    }
    setTimeout(() => { ${end} }, 20);
  `);
  expect({ signal: result.signal, status: result.status }).toEqual({ signal: null, status });
});

it("an operator that fails in the background does not end the process", () => {
  const result = run(`${prelude}
    const [a, b] = [call("aten::ones", [2, 3]), call("aten::ones", [2, 3])];
    const error = await callInBackground("aten::mm", a, b).catch((error) => error);
    console.log(error.code, error.constructor.name);
  `);
  expect(result).toMatchObject({ status: 0, stdout: "OPERATOR_FAILED StsError\n", stderr: "" });
});

it("two worker threads compute at once what the main thread computes", () => {
  const body = `
    const model = await load();
    const scores = await noGrad(() => model.forward(encodings, null));
    parentPort.postMessage(scores.toNumbers());
  `;
  const result = run(`${prelude}
    const url = "data:text/javascript," + encodeURIComponent(${JSON.stringify(worker(body))});
    const answer = () => new Promise((resolve, reject) => {
      const thread = new Worker(new URL(url));
      thread.on("message", resolve);
      thread.on("error", reject);
    });
    const [a, b] = await Promise.all([answer(), answer()]);
    const model = await load();
    const own = (await noGrad(() => model.forward(encodings, null))).toNumbers();
    console.log(String(a) === String(own), String(b) === String(own));
  `);
  expect(result).toMatchObject({ status: 0, stdout: "true true\n", stderr: "" });
});

it("a worker thread that is terminated in the middle of its work leaves the others unharmed", () => {
  const body = `
    const big = call("aten::ones", [1000, 1000]);
    for (let i = 0; i < 1000; i++) void callInBackground("aten::mm", big, big);
    parentPort.postMessage("started");
  `;
  const result = run(`${prelude}
    const url = "data:text/javascript," + encodeURIComponent(${JSON.stringify(worker(body))});
    for (let round = 0; round < 5; round++) {
      const thread = new Worker(new URL(url));
      await new Promise((resolve, reject) => {
        thread.on("message", resolve);
        thread.on("error", reject);
      });
      await thread.terminate();
    }
    const model = await load();
    const scores = await noGrad(() => model.forward(encodings, null));
    console.log(scores.toNumbers().length);
  `);
  expect(result).toMatchObject({ status: 0, stdout: "1\n", stderr: "" });
});

it("tensors that are forgotten are freed by the garbage collector", () => {
  const args = ["--expose-gc", "--input-type=module", "--eval"];
  const program = `${prelude}
    for (let i = 0; i < 1000; i++) Tensor.from(new Float32Array(1000));
    for (let i = 0; i < 5; i++) {
      globalThis.gc();
      await new Promise((resolve) => setImmediate(resolve));
    }
    console.log(memory().tensors < 10);
  `;
  const result = spawnSync(process.execPath, [...args, program], { encoding: "utf8" });
  expect(result).toMatchObject({ status: 0, stdout: "true\n", stderr: "" });
});
