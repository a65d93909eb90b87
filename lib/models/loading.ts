import { onDevice, unscoped } from "../tensor/context.js";
import { chooseDevice } from "../tensor/device.js";

/**
 * Runs what loads a model: its weights lie on the device and belong to the model, not to the scope
 * around the call.
 * @throws StsError `INVALID_ARGUMENT` for a device that is not there
 */
export const loading = async <T>(device: string | undefined, load: () => Promise<T>): Promise<T> =>
  unscoped(() => onDevice(chooseDevice(device), load));
