import path from "node:path";

/**
 * Where an augmented version of a file goes: `train.csv` as `train.swap.csv`.
 * @param what was done, such as `swap`
 */
export function augmentedFile(directory: string, file: string, what: string): string {
  const [, stem = "", extension = ""] = /^(.+?)((?:\.[^.]*)?(?:\.gz)?)$/is.exec(
    path.basename(file),
  )!;
  return path.join(directory, `${stem}.${what}${extension}`);
}
