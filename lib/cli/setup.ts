import { z } from "zod";
import { addon } from "../native/addon.js";
import { bootstrap } from "./bootstrap.js";
import type { Command } from "./command.js";
import { settingsOf } from "./read-flags.js";

const schema = z.strictObject({});

export const setup: Command = {
  name: "setup",
  summary: "Finds or installs libtorch and compiles the addon against it.",
  operands: "",
  example: "",
  schema,
  async run(line, output) {
    settingsOf(schema, line);
    const { setUp, SetupProblem } = await bootstrap();
    try {
      await setUp({ only: "native" });
    } catch (error) {
      if (!(error instanceof SetupProblem)) throw error;
      output.error(error.message);
      return error.exitCode;
    }
    const { libtorch } = addon().runtimeInfo();
    output.print(`sts-native is ready, with libtorch ${libtorch}.`);
    output.result({ libtorch });
    return 0;
  },
};
