import { addon, type TensorHandle } from "../native/addon.js";
import { currentMode } from "./context.js";
import { Generator } from "./generator.js";
import { Tensor } from "./tensor.js";

/** What an operator takes; its schema decides what each value means. */
export type Argument =
  Tensor | Generator | number | bigint | boolean | string | null | undefined | readonly Argument[];

/**
 * Calls an operator of libtorch by its schema, such as `aten::add.Tensor`. Arguments left out or
 * `undefined` take the schema's defaults. Runs on the calling thread.
 * @returns what the schema says, tensors as `Tensor`, several results as an array
 */
export function call(operator: string, ...args: Argument[]): unknown {
  const [name, overload] = split(operator);
  return wrap(addon().call(name, overload, args.map(unwrap), ...currentMode()));
}

/** The same on the background thread, for operators that take long. */
export async function callInBackground(operator: string, ...args: Argument[]): Promise<unknown> {
  const [name, overload] = split(operator);
  return wrap(await addon().callInBackground(name, overload, args.map(unwrap), ...currentMode()));
}

function split(operator: string): [name: string, overload: string] {
  const [name = "", overload = ""] = operator.split(".");
  return [name, overload];
}

function unwrap(value: Argument): unknown {
  if (value instanceof Tensor || value instanceof Generator) return value.handle;
  return Array.isArray(value) ? value.map(unwrap) : value;
}

function wrap(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(wrap);
  return typeof value === "object" && value !== null ? new Tensor(value as TensorHandle) : value;
}
