import { ops } from "../tensor/ops.js";
import type { Tensor } from "../tensor/tensor.js";
import { takeMembers, type EnsembleOptions } from "./ensemble-settings.js";
import { Ensemble } from "./ensemble.js";
import type { PairModel } from "./pair-model.js";

/**
 * Soft voting: the score is the mean of the members' scores. Training makes the loss of the mean
 * small, so that the members learn to be right together.
 * @see Dietterich (2000), "Ensemble Methods in Machine Learning"
 * @example
 * const members = [await loadModel("runs/roberta/best"), await loadModel("runs/electra/best")];
 * await using model = VotingModel.create(members);
 */
export class VotingModel extends Ensemble {
  /**
   * Makes one of loaded models. It owns them from here on, also where this throws: then they are
   * disposed.
   * @param members at least one
   * @param options the members are trained jointly unless `freezeMembers` is true
   * @throws StsError `INVALID_ARGUMENT`
   */
  static create(members: readonly PairModel[], options: EnsembleOptions = {}): VotingModel {
    const { freezeMembers = false, labelRange } = options;
    const settings = takeMembers(members, { freezeMembers, labelRange });
    return new VotingModel("voting", members, settings, new Map(), []);
  }

  protected combine(scores: Tensor): Tensor {
    return ops.divScalar(ops.sumOver(scores, 1), this.members.length);
  }
}
