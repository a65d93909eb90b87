import { existsSync } from "node:fs";
import { readSafetensorsHeader } from "../../checkpoint/safetensors.js";
import { readTensors, saveSafetensors } from "../../checkpoint/tensors.js";
import { StsError } from "../../foundation/errors.js";
import { callInBackground } from "../../tensor/call.js";
import { noGrad } from "../../tensor/context.js";
import { scope } from "../../tensor/scope.js";
import type { Tensor } from "../../tensor/tensor.js";

/** Where a run stands: tensors by name, and everything else as JSON. */
export type ResumePoint<State> = { state: State; tensors: ReadonlyMap<string, Tensor> };

/**
 * Saves both in one file, which is replaced as a whole: a crash leaves the point before or this
 * one.
 * @throws StsError `IO_FAILED`
 */
export const saveResumePoint = <State>(
  file: string,
  { state, tensors }: ResumePoint<State>,
): Promise<void> => saveSafetensors(file, tensors, { state: JSON.stringify(state) });

/**
 * Copies the tensors of a file into those given, which have the same names and shapes.
 * @param check throws where the state does not fit; nothing has been copied then
 * @returns the state; undefined where there is no file yet
 * @throws StsError `CHECKPOINT_CORRUPT`
 */
export async function loadResumePoint<State>(
  file: string,
  into: ReadonlyMap<string, Tensor>,
  check: (state: State) => void,
): Promise<State | undefined> {
  if (!existsSync(file)) return undefined;
  const { tensors, metadata } = await readSafetensorsHeader(file);
  const state = parseState(file, metadata.state) as State;
  check(state);
  for (const [name, target] of into) {
    const location = tensors.get(name);
    if (location && String(location.shape) === String(target.shape)) continue;
    throw new StsError(
      "CHECKPOINT_CORRUPT",
      `${file}: has no tensor ${name} of shape [${target.shape.join(", ")}]. It belongs to another ` +
        "model or configuration; start the run anew in another directory.",
    );
  }
  await scope(() =>
    noGrad(async () => {
      const read = await readTensors([...into.keys()].map((name) => tensors.get(name)!));
      for (const [i, target] of [...into.values()].entries()) {
        await callInBackground("aten::copy_", target, read[i]);
      }
    }),
  );
  return state;
}

function parseState(file: string, text: string | undefined): unknown {
  try {
    const state: unknown = text === undefined ? null : JSON.parse(text);
    if (typeof state === "object" && state !== null) return state;
  } catch (cause) {
    throw new StsError("CHECKPOINT_CORRUPT", `${file}: its state is not JSON.`, { cause });
  }
  throw new StsError("CHECKPOINT_CORRUPT", `${file}: it holds no state of a training run.`);
}
