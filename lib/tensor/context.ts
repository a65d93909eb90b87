import { AsyncLocalStorage } from "node:async_hooks";
import type { Scope } from "./scope.js";

type Context = { readonly scope: Scope | undefined; readonly gradEnabled: boolean };

const storage = new AsyncLocalStorage<Context>();
const outermost: Context = { scope: undefined, gradEnabled: true };

/**
 * What surrounds the running code. It follows asynchronous calls, so that a prediction and a
 * training step in flight at the same time do not see each other's mode or scope.
 */
export const currentContext = (): Context => storage.getStore() ?? outermost;

export const withContext = <T>(change: Partial<Context>, body: () => T): T =>
  storage.run({ ...currentContext(), ...change }, body);

/**
 * Runs `body`, which may be asynchronous, outside of any scope: its tensors belong to an object
 * that frees them itself.
 */
export const unscoped = <T>(body: () => T): T => withContext({ scope: undefined }, body);

/**
 * Runs `body`, which may be asynchronous, without recording operations for the backward pass.
 * It saves the memory of the intermediate results.
 */
export const noGrad = <T>(body: () => T): T => withContext({ gradEnabled: false }, body);
