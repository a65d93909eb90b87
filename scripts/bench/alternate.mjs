import { spawn } from "node:child_process";
import path from "node:path";
import { medians } from "./figures.mjs";
import { BenchProblem } from "./options.mjs";

const here = import.meta.dirname;

/** A run of ours: a script of ours/, which prints its figures as one JSON object. */
export const ours = (script, task) => ({
  file: process.execPath,
  args: [path.join(here, "ours", script), JSON.stringify(task)],
});

/** A run of a peer: a script of peers/, likewise. */
export const peer = (python, script, task) => ({
  file: python,
  args: [path.join(here, "peers", script), JSON.stringify(task)],
});

/**
 * Runs the contestants in turn, each in a process of its own.
 * @param contestants commands by name
 * @returns by name: the medians of what the runs printed, and of the `wallSeconds` that they took
 */
export async function alternate(contestants, rounds) {
  const runs = new Map([...contestants.keys()].map((name) => [name, []]));
  for (let round = 1; round <= rounds; round++) {
    for (const [name, command] of contestants) {
      const figures = await runCommand(command);
      console.error(`run ${round} of ${rounds}, ${name}: ${JSON.stringify(figures)}`);
      runs.get(name).push(figures);
    }
  }
  return Object.fromEntries([...runs].map(([name, figures]) => [name, medians(figures)]));
}

/**
 * Runs one process to its end.
 * @returns what it printed last, and how many `wallSeconds` passed
 */
export async function runCommand({ file, args }) {
  const begin = performance.now();
  const child = spawn(file, args, {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, HF_HUB_OFFLINE: "1", TOKENIZERS_PARALLELISM: "true" },
  });
  let [stdout, stderr] = ["", ""];
  child.stderr.setEncoding("utf8").on("data", (text) => (stderr += text));
  child.stdout.setEncoding("utf8").on("data", (text) => (stdout += text));
  const code = await new Promise((resolve, reject) => {
    child.on("error", (error) => reject(new BenchProblem(`${file}: ${error.message}`)));
    child.on("close", resolve);
  });
  const wallSeconds = (performance.now() - begin) / 1000;
  if (code !== 0) throw new BenchProblem(`${file} ${args[0]}: ended with ${code}.\n${stderr}`);
  return { ...JSON.parse(stdout.trimEnd().split("\n").at(-1)), wallSeconds };
}
