import { stat } from "node:fs/promises";
import path from "node:path";
import { dataFormats, formatOf, type DataFormat } from "../data/format.js";
import { ioFailed } from "../foundation/atomic-file.js";
import { StsError } from "../foundation/errors.js";
import { makeDirectory } from "../foundation/make-directory.js";
import { requireOther } from "./require-other.js";

/**
 * Where the new versions of data files go: into a directory, which is made where it is missing, if
 * there are several of them or `output` is one, otherwise to a file. They keep their formats.
 * @returns a path for each of the files
 * @throws StsError `INVALID_ARGUMENT` where an output is one of the files that are read, two outputs
 *   would be the same, or one is named as of another format; `IO_FAILED`
 */
export async function dataOutputs(
  output: string,
  files: readonly string[],
  format: DataFormat | undefined,
): Promise<string[]> {
  const isDirectory = files.length > 1 || /[/\\]$/.test(output) || (await isDirectoryAt(output));
  const targets = isDirectory
    ? files.map((file) => path.join(output, path.basename(file)))
    : [output];
  const repeated = targets.find((target, i) => targets.indexOf(target) !== i);
  if (repeated !== undefined) {
    throw invalid(`two of the files would become ${repeated}; give one of them another name.`);
  }
  for (const [i, target] of targets.entries()) {
    requireSameFormat(target, files[i]!, format ?? formatOf(files[i]!));
    await requireOther("--output", target, files);
  }
  if (isDirectory) {
    await makeDirectory(output).catch((error: unknown) => {
      throw ioFailed(output, error);
    });
  }
  return targets;
}

const isDirectoryAt = async (output: string): Promise<boolean> =>
  (await stat(output).catch(() => undefined))?.isDirectory() ?? false;

/** A name of another format would have the file read wrongly. */
function requireSameFormat(output: string, file: string, format: DataFormat): void {
  const extension = path.extname(output.replace(/\.gz$/i, "")).slice(1).toLowerCase();
  const named = dataFormats.find((known) => known === extension);
  if (named === undefined || named === format) return;
  throw invalid(
    `${output} is named as ${named}, but keeps the format of ${file}, ${format}; name it .${format}.`,
  );
}

const invalid = (message: string): StsError =>
  new StsError("INVALID_ARGUMENT", `--output: ${message}`);
