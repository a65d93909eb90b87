import { types } from "node:util";
import { withContext, currentContext } from "./context.js";
import { Tensor } from "./tensor.js";

/** The tensors made while a scope is the innermost one. */
export class Scope {
  readonly #tensors = new Set<Tensor>();
  #isClosed = false;

  add(tensor: Tensor): void {
    if (this.#isClosed) tensor.dispose();
    else this.#tensors.add(tensor);
  }

  /** Disposes all but `kept`, which go to the scope around this one, where there is one. */
  close(kept: ReadonlySet<Tensor>, outer: Scope | undefined): void {
    this.#isClosed = true;
    for (const tensor of this.#tensors) {
      if (kept.has(tensor)) outer?.add(tensor);
      else tensor.dispose();
    }
    this.#tensors.clear();
  }
}

/**
 * Runs `body` and then frees every tensor made inside but those that it returns: the value itself,
 * or tensors in an array, a map or a plain object. `body` may be asynchronous; the scope then
 * follows its awaits and ends when its promise does. After an error everything is freed.
 *
 * @example const error = scope(() => ops.l1Loss(scores, labels, "mean").item());
 */
export function scope<T>(body: () => T): T {
  const outer = currentContext().scope;
  const inner = new Scope();
  const end = <R>(result: R): R => {
    inner.close(tensorsIn(result), outer);
    return result;
  };
  const fail = (error: unknown): never => {
    inner.close(new Set(), outer);
    throw error;
  };
  let result: T;
  try {
    result = withContext({ scope: inner }, body);
  } catch (error) {
    return fail(error);
  }
  if (types.isPromise(result)) return result.then(end, fail) as T;
  return end(result);
}

function tensorsIn(value: unknown, found = new Set<Tensor>()): Set<Tensor> {
  if (value instanceof Tensor) found.add(value);
  else if (Array.isArray(value)) value.forEach((item) => tensorsIn(item, found));
  else if (types.isMap(value)) value.forEach((item) => tensorsIn(item, found));
  else if (isPlainObject(value)) Object.values(value).forEach((item) => tensorsIn(item, found));
  return found;
}

function isPlainObject(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
