import { requireLabelRange, type LabelRange } from "../data/pair.js";
import { invalidArgument, StsError } from "../foundation/errors.js";
import { PairModel } from "./pair-model.js";

export type EnsembleOptions = {
  /**
   * The scale of the ensemble's scores, onto which those of members with another scale are moved.
   * That of the members when left out; they must then share one.
   */
  labelRange?: LabelRange | undefined;
  /** Whether training leaves the members as they are: without dropout and without gradients. */
  freezeMembers?: boolean | undefined;
};

export type EnsembleSettings = { labelRange: LabelRange; freezeMembers: boolean };

/**
 * Checks what an ensemble is made of. From here on the members are the ensemble's: where something
 * is wrong they are disposed.
 * @throws StsError `INVALID_ARGUMENT`
 */
export function takeMembers(
  members: readonly PairModel[],
  options: EnsembleOptions & { freezeMembers: boolean },
): EnsembleSettings {
  try {
    requireMembers(members);
    requireOneDevice(members);
    const { freezeMembers } = options;
    return { labelRange: chooseLabelRange(members, options.labelRange), freezeMembers };
  } catch (error) {
    disposeAll(members);
    throw error;
  }
}

export function disposeAll(models: readonly PairModel[]): void {
  for (const model of models) if (isModel(model)) model.dispose();
}

/** JavaScript callers may pass anything, such as the names of models. */
const isModel = (value: unknown): value is PairModel => value instanceof PairModel;

function requireMembers(members: readonly PairModel[]): void {
  if (members.length === 0) throw invalidArgument("members", "at least one model", members);
  members.forEach((member, i) => {
    if (!isModel(member)) throw invalidArgument(`members[${i}]`, "a loaded model", member);
    const first = members.indexOf(member);
    if (first === i) return;
    // Its weights would be trained twice in a step, and saved as two models.
    throw new StsError(
      "INVALID_ARGUMENT",
      `members[${i}]: is the same object as members[${first}]; load the model once for each member.`,
    );
  });
}

function requireOneDevice(members: readonly PairModel[]): void {
  const devices = [...new Set(members.map(({ device }) => device))];
  if (devices.length > 1) throw invalidArgument("members", "one device", devices.join(" and "));
}

function chooseLabelRange(
  members: readonly PairModel[],
  asked: LabelRange | undefined,
): LabelRange {
  if (asked) return requireLabelRange(asked);
  const ranges = members.map(({ labelRange: { min, max } }) => `${min} to ${max}`);
  if (new Set(ranges).size === 1) return members[0]!.labelRange;
  const list = ranges.map((range, i) => `members[${i}] has ${range}`).join(", ");
  throw new StsError(
    "INVALID_ARGUMENT",
    `members: expected one label range, but ${list}. Give labelRange, the scale onto which their scores are to be moved.`,
  );
}
