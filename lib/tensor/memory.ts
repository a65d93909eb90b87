import { addon } from "../native/addon.js";

/**
 * The tensors that JavaScript holds in this thread and the distinct bytes behind them. Activations
 * that only a pending backward needs are libtorch's own and not counted.
 */
export const memory = (): { tensors: number; bytes: number } => addon().memory();
