import { z } from "zod";
import { loadModel } from "../models/load-model.js";
import { addon } from "../native/addon.js";
import { RunDirectory } from "../training/loop/run-directory.js";
import { trainedModels } from "../training/trained-models.js";
import type { Command } from "./command.js";
import { downloadReport } from "./download-report.js";
import { invalid } from "./ensemble-flags.js";
import { interruptible } from "./interruptible.js";
import { settingsOf } from "./read-flags.js";

const schema = z.strictObject({
  model: z.string().describe("model directory, run or hub id"),
  output: z.string().describe("directory of the int8 model; must be empty"),
});

export const quantize: Command = {
  name: "quantize",
  summary: "Saves a model whose encoder's weights are bytes: a smaller file, a faster prediction.",
  operands: "",
  example: "--model runs/first --output models/first-int8",
  schema,
  async run(line, output) {
    const settings = settingsOf(schema, line);
    await RunDirectory.requireFree(settings.output);
    // Before any download: without libtorch nothing works.
    addon();
    await interruptible(output, "Stopping; nothing is written.", async (signal) => {
      const [name, ...others] = await trainedModels(settings.model);
      if (others.length > 0) {
        throw invalid(
          `--model: ${settings.model} is of several models; give one, such as ${name!}.`,
        );
      }
      const options = { onProgress: downloadReport(output), signal, precision: "int8" } as const;
      using model = await loadModel(name!, options);
      output.closeBar();
      await model.save(settings.output);
    });
    output.print(
      `int8 model written to ${settings.output}; what it changes: ` +
        `sts-native bench --model ${settings.model} --precision fp32,int8`,
    );
    output.result({ model: settings.model, output: settings.output });
    return 0;
  },
};
