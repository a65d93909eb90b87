import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";

import { SetupProblem } from "./problem.mjs";
import { run } from "./run.mjs";
import { hashOf, readStamp, writeStamp } from "./stamp.mjs";

/**
 * Compiles lib/ to dist/, unless it has been compiled from the same files.
 * @param {import("./steps.mjs").Context} context
 * @returns {Promise<string | null>} null in an installed package, which brings dist/ with it
 */
export async function buildTypeScript({ root, env, say }) {
  if (!existsSync(path.join(root, "tsconfig.build.json"))) return null;
  const stamp = path.join(root, "dist/.stamp.json");
  const inputs = {
    sources: await hashOf(root, [
      "lib",
      "tsconfig.json",
      "tsconfig.build.json",
      "package-lock.json",
    ]),
  };
  const previous = /** @type {{ sources?: string } | null} */ (await readStamp(stamp));
  if (previous?.sources === inputs.sources) return "up to date";

  say("compiling the TypeScript …");
  await rm(path.join(root, "dist"), { recursive: true, force: true });
  const packageFile = createRequire(path.join(root, "package.json")).resolve(
    "typescript/package.json",
  );
  const tsc = path.join(path.dirname(packageFile), "bin/tsc");
  const { code, stdout } = await run([process.execPath, tsc, "-p", "tsconfig.build.json"], {
    cwd: root,
    env,
  });
  if (code !== 0) {
    throw new SetupProblem(`The TypeScript does not compile:\n${stdout.trimEnd()}`, {
      exitCode: 1,
    });
  }
  await writeStamp(stamp, inputs);
  return "built dist";
}
