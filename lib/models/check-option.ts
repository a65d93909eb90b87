import type { z } from "zod";
import { firstProblem } from "../checkpoint/json-file.js";
import { StsError } from "../foundation/errors.js";

/**
 * An option with what it leaves out filled in: JavaScript callers may pass anything.
 * @throws StsError `INVALID_ARGUMENT` naming the key that is not what it must be
 */
export function checkOption<Schema extends z.ZodType>(
  name: string,
  schema: Schema,
  value: z.input<Schema>,
): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new StsError("INVALID_ARGUMENT", `${name}: ${firstProblem(result.error)}.`);
}
