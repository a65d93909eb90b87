import { existsSync } from "node:fs";
import path from "node:path";
import { stsNative } from "./command.mjs";

/** Trains a model for each fold, or goes on with what was stopped. */
export function crossValidate(output, data, settings) {
  if (existsSync(path.join(output, "config.yaml"))) {
    stsNative("crossval", "--resume", output);
    return;
  }
  stsNative(
    ...["crossval", "--model", data.encoder, "--train", data.train, "--folds", "5", "--stratified"],
    ...["--cleaning", "default", ...data.training, ...settings, "--output", output],
  );
}

/** Predicts each of some files. Returns where the predictions are. */
export function predict(model, files, prefix) {
  const written = Object.entries(files).map(([set, file]) => {
    const output = `${prefix}-${set}.csv`;
    stsNative("predict", "--model", model, "--data", file, "--output", output);
    return [set, output];
  });
  return Object.fromEntries(written);
}
