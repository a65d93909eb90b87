import { invalidArgument, StsError } from "../foundation/errors.js";
import { addon } from "../native/addon.js";
import { currentDevice } from "./context.js";

/**
 * Checks the name of a device.
 * @param asked that of the running code when left out
 * @throws StsError `INVALID_ARGUMENT`
 */
export function chooseDevice(asked: string | undefined): string {
  const device = asked ?? currentDevice();
  if (!/^(cpu|cuda(:\d+)?)$/.test(device)) {
    throw invalidArgument("device", "cpu, cuda or cuda:0", device);
  }
  if (device === "cpu" || addon().runtimeInfo().cuda) return device;
  throw new StsError(
    "INVALID_ARGUMENT",
    `device: ${device} is not there: this libtorch was built without CUDA, or finds no GPU. ` +
      "sts-native doctor shows what was found.",
  );
}
