import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const program = fileURLToPath(new URL("../../bin/sts-native.mjs", import.meta.url));

/** Runs a command as a user would, and returns its figures. Ends with its exit code when it fails. */
export function stsNative(...args) {
  const shown = args.map((arg) => (/^[\w./:@%+=,-]+$/.test(arg) ? arg : `'${arg}'`)).join(" ");
  console.log(`\n$ npx sts-native ${shown}`);
  const { status, stdout } = spawnSync(process.execPath, [program, ...args, "--json"], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
    maxBuffer: Infinity,
  });
  if (status !== 0) process.exit(status ?? 1);
  return JSON.parse(stdout.trimEnd().split("\n").at(-1));
}
