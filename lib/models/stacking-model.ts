import path from "node:path";
import { readSafetensorsHeader } from "../checkpoint/safetensors.js";
import { readTensors, saveSafetensors } from "../checkpoint/tensors.js";
import { StsError } from "../foundation/errors.js";
import { onDevice, unscoped } from "../tensor/context.js";
import { ops } from "../tensor/ops.js";
import { scope } from "../tensor/scope.js";
import { Tensor } from "../tensor/tensor.js";
import { disposeAll, takeMembers, type EnsembleOptions } from "./ensemble-settings.js";
import { Ensemble } from "./ensemble.js";
import { linear } from "./heads/head.js";
import { loading } from "./loading.js";
import type { PairModel } from "./pair-model.js";
import { outputSpec, type Parameters } from "./parameters.js";

const layer = "stacking";
const weightsFile = "stacking.safetensors";

/**
 * Stacking: a linear layer over the members' scores, on the label scale, gives the score. Training
 * changes the layer alone unless the members are trained too.
 * @see Wolpert (1992), "Stacked Generalization"
 * @example
 * const members = [await loadModel("runs/roberta/best"), await loadModel("runs/electra/best")];
 * await using model = StackingModel.create(members);
 */
export class StackingModel extends Ensemble {
  /**
   * Makes one of loaded models. It owns them from here on, also where this throws: then they are
   * disposed. The layer starts as the mean of the scores, so that training begins where voting
   * ends, and an untrained stack is of use.
   * @param members at least one
   * @param options the members are frozen unless `freezeMembers` is false
   * @throws StsError `INVALID_ARGUMENT`
   */
  static create(members: readonly PairModel[], options: EnsembleOptions = {}): StackingModel {
    const settings = takeMembers(members, frozenByDefault(options));
    const own = unscoped(() => onDevice(members[0]!.device, () => meanOf(members.length)));
    return new StackingModel("stacking", members, settings, own, [...own.keys()]);
  }

  /**
   * The same with the layer that `save` wrote into a directory.
   * @throws StsError `INVALID_ARGUMENT`, `NOT_FOUND`, `CHECKPOINT_CORRUPT`
   */
  static async restore(
    directory: string,
    members: readonly PairModel[],
    options: EnsembleOptions = {},
  ): Promise<StackingModel> {
    const settings = takeMembers(members, frozenByDefault(options));
    try {
      const file = path.join(directory, weightsFile);
      const own = await loading(members[0]!.device, () => readLayer(file, members.length));
      return new StackingModel("stacking", members, settings, own, []);
    } catch (error) {
      disposeAll(members);
      throw error;
    }
  }

  protected combine(scores: Tensor): Tensor {
    return ops.squeeze(linear(this.own, layer, scores), 1);
  }

  protected override async write(directory: string): Promise<void> {
    await super.write(directory);
    await saveSafetensors(path.join(directory, weightsFile), this.own, { format: "pt" });
  }
}

const frozenByDefault = ({ freezeMembers = true, labelRange }: EnsembleOptions) => ({
  freezeMembers,
  labelRange,
});

const meanOf = (members: number): Parameters =>
  new Map([
    [`${layer}.weight`, Tensor.from(new Float32Array(members).fill(1 / members), [1, members])],
    [`${layer}.bias`, Tensor.from(new Float32Array(1))],
  ]);

/** @throws StsError `NOT_FOUND`, `CHECKPOINT_CORRUPT` */
function readLayer(file: string, members: number): Promise<Parameters> {
  return scope(async () => {
    const { tensors } = await readSafetensorsHeader(file);
    const specs = outputSpec(layer, members, 1);
    const locations = specs.map(({ name, shape }) => {
      const location = tensors.get(name);
      if (location && String(location.shape) === String(shape)) return location;
      const actual = location ? `[${location.shape.join(", ")}]` : "no such tensor";
      throw new StsError(
        "CHECKPOINT_CORRUPT",
        `${file}: ${name}: expected the shape [${shape.join(", ")}] for the ${members} members that sts_config.json lists, got ${actual}.`,
      );
    });
    const read = await readTensors(locations);
    return new Map(specs.map(({ name }, i) => [name, ops.toFloat32(read[i]!)]));
  });
}
