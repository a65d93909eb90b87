import { AsyncLocalStorage } from "node:async_hooks";
import type { NativeMode } from "../native/addon.js";
import type { Scope } from "./scope.js";

/** The types that autocast can compute in. */
export type AutocastType = "bfloat16" | "float16";

type Context = {
  readonly scope: Scope | undefined;
  readonly gradEnabled: boolean;
  readonly autocast: AutocastType | null;
  /** Whether encoders predict with products of bytes. */
  readonly quantised: boolean;
  readonly device: string;
};

const storage = new AsyncLocalStorage<Context>();
const outermost: Context = {
  scope: undefined,
  gradEnabled: true,
  autocast: null,
  quantised: false,
  device: "cpu",
};

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

/**
 * Runs `body`, which may be asynchronous, with matrix products computed in a 16-bit type and what
 * needs more range in float32. Weights stay float32; null computes everything in its own type.
 * @see torch.autocast
 */
export const autocast = <T>(type: AutocastType | null, body: () => T): T =>
  withContext({ autocast: type }, body);

/** The mode of the running code, as the addon takes it. */
export function currentMode(): NativeMode {
  const { gradEnabled, autocast: type } = currentContext();
  return [gradEnabled, type];
}

/**
 * Runs `body`, which may be asynchronous, so that the tensors and generators that it makes lie on a
 * device, `cpu`, `cuda` or `cuda:1`.
 * @see torch.set_default_device
 */
export const onDevice = <T>(device: string, body: () => T): T => withContext({ device }, body);

/** Where the running code makes tensors. */
export const currentDevice = (): string => currentContext().device;
