import { invalidArgument } from "../foundation/errors.js";
import { addon, type GeneratorHandle } from "../native/addon.js";
import { currentDevice } from "./context.js";
import { Tensor } from "./tensor.js";

/**
 * A source of random numbers for libtorch (Mersenne Twister 19937), independent of every other.
 * The same seed gives the same numbers on the same kind of machine.
 */
export class Generator {
  readonly handle: GeneratorHandle;

  /**
   * @param seed an integer from 0 to 2^53 - 1
   * @param device where it draws; that of the running code when left out
   */
  constructor(seed: number, device = currentDevice()) {
    if (!Number.isSafeInteger(seed) || seed < 0) {
      throw invalidArgument("seed", "an integer from 0 to 2^53 - 1", seed);
    }
    this.handle = addon().createGenerator(BigInt(seed), device);
  }

  /** A copy of the whole state, a uint8 tensor that `state` takes back. */
  get state(): Tensor {
    return new Tensor(addon().generatorState(this.handle));
  }

  set state(state: Tensor) {
    addon().setGeneratorState(this.handle, state.handle);
  }
}
