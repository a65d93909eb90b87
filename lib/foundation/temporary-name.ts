import { randomBytes } from "node:crypto";
import path from "node:path";

/**
 * A name that nothing has yet, for what is renamed when it is complete. Not made of the target's
 * name, which may already be as long as the file system allows.
 */
export const temporaryName = (): string =>
  `.sts-${process.pid}-${randomBytes(6).toString("hex")}.tmp`;

/** Whether a path ends in such a name: something that was never completed. */
export const isTemporary = (file: string): boolean =>
  /^\.sts-\d+-[0-9a-f]{12}\.tmp$/.test(path.basename(file));
