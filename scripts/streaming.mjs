/**
 * The memory and time that `predict` takes for files of more and more rows. It must not grow with them.
 *
 *   npm run test:streaming -- [MODEL] [ROWS,ROWS,…]
 */
import { spawnSync } from "node:child_process";
import { createWriteStream, mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { finished } from "node:stream/promises";
import { Readable } from "node:stream";

const [model = "models/mini", sizes = "1000,10000,100000,1000000"] = process.argv.slice(2);
const scratch = mkdtempSync(path.join(os.tmpdir(), "sts-native-streaming-"));

try {
  for (const rows of sizes.split(",").map(Number)) {
    const { seconds, peak } = await predict(rows);
    console.log(
      `${rows.toLocaleString("en-US")} rows: peak RSS ${(peak / 1e6).toFixed(0)} MB, ` +
        `${(rows / seconds).toFixed(0)} pairs/s`,
    );
  }
} finally {
  rmSync(scratch, { recursive: true });
}

async function predict(rows) {
  const [data, output] = ["data.csv", "predictions.csv"].map((name) => path.join(scratch, name));
  const file = createWriteStream(data);
  Readable.from(lines(rows)).pipe(file);
  await finished(file);
  const args = ["predict", "--model", model, "--data", data, "--output", output];
  const begin = performance.now();
  // The command itself, then what the process has used at most, in kilobytes.
  const code =
    "process.on('exit', () => console.log('peak ' + process.resourceUsage().maxRSS)); " +
    "const { runCommandLine } = await import('./dist/cli/command-line.js'); " +
    "process.exitCode = await runCommandLine(process.argv.slice(1));";
  const { status, stdout } = spawnSync(
    process.execPath,
    ["--input-type=module", "--eval", code, "--", ...args],
    { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] },
  );
  const peak = Number(/^peak (\d+)$/m.exec(stdout)?.[1]) * 1024;
  if (status !== 0 || !(peak > 0)) throw new Error(`predict ended with ${status}: ${stdout}`);
  return { seconds: (performance.now() - begin) / 1000, peak };
}

function* lines(rows) {
  yield "id,sentence1,sentence2\n";
  for (let row = 0; row < rows; row++) yield `${row},${sentence(row)},${sentence(row * 7 + 3)}\n`;
}

/** 3 to 22 words of two syllables, hardly one of which comes again: whatever keeps them would grow. */
function sentence(seed) {
  const syllable = (i) =>
    String.fromCharCode(0xac00 + (((seed * 7919 + i * 104729) >>> 0) % 11172));
  const words = Array.from({ length: 3 + (seed % 20) }, (_, i) => syllable(i) + syllable(i + 31));
  return words.join(" ");
}
