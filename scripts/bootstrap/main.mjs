import { parseArgs } from "node:util";

import { SetupProblem } from "./problem.mjs";
import { parts, setUp } from "./steps.mjs";

const usage = `node scripts/bootstrap/main.mjs [--only ${parts.join("|")}] [--debug] [--sanitize]`;

try {
  await setUp(readArguments());
} catch (error) {
  if (!(error instanceof SetupProblem)) throw error;
  process.stderr.write(`\n${error.message}\n`);
  process.exitCode = error.exitCode;
}

function readArguments() {
  try {
    const { values } = parseArgs({
      options: {
        only: { type: "string" },
        debug: { type: "boolean", default: false },
        sanitize: { type: "boolean", default: false },
      },
    });
    const only = parts.find((part) => part === values.only);
    if (values.only !== undefined && only === undefined) {
      throw new Error(`There is no part ${JSON.stringify(values.only)}.`);
    }
    const { debug, sanitize } = values;
    return only === undefined ? { debug, sanitize } : { only, debug, sanitize };
  } catch (error) {
    throw new SetupProblem(`${/** @type {Error} */ (error).message}\nUsage: ${usage}`);
  }
}
