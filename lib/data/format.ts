import path from "node:path";
import { StsError } from "../foundation/errors.js";

export const dataFormats = ["csv", "tsv", "json", "jsonl"] as const;

/** CSV quotes as RFC 4180 does; TSV does not quote; JSON is an array of objects, JSONL one a line. */
export type DataFormat = (typeof dataFormats)[number];

/**
 * The format that a file's name says, also before `.gz`.
 * @throws StsError `INVALID_ARGUMENT` for an extension that is none of {@link dataFormats}
 */
export function formatOf(filePath: string): DataFormat {
  const extension = path.extname(path.basename(filePath).replace(/\.gz$/i, "")).slice(1);
  const format = dataFormats.find((known) => known === extension.toLowerCase());
  if (format !== undefined) return format;
  const what = extension === "" ? "a name without an extension" : `the extension .${extension}`;
  throw new StsError(
    "INVALID_ARGUMENT",
    `${filePath}: ${what} does not say how the file is to be read. ` +
      "Known are .csv, .tsv, .json and .jsonl, each also with .gz; " +
      "for another name give the format with --format, such as --format csv.",
  );
}
