import path from "node:path";
import type { LabelRange } from "../data/pair.js";
import { invalidArgument } from "../foundation/errors.js";
import type { Outputs } from "../losses/loss.js";
import { autocast, noGrad } from "../tensor/context.js";
import { ops } from "../tensor/ops.js";
import { scope } from "../tensor/scope.js";
import type { Tensor } from "../tensor/tensor.js";
import type { EnsembleSettings } from "./ensemble-settings.js";
import { PairModel, type Encoded, type TextReader } from "./pair-model.js";
import type { Parameters } from "./parameters.js";
import { writeStsConfig } from "./sts-config.js";
import type { TrainingPass } from "./training-pass.js";

/**
 * A model of several models, each with its own tokenizer and weights, whose scores it combines. It
 * owns its members: they are freed with it.
 */
export abstract class Ensemble extends PairModel {
  /** The parameters that combine the scores, then each member's under `members.<index>.`. */
  readonly parameters: Parameters;

  readonly initialised: readonly string[];

  readonly members: readonly PairModel[];

  /** Of an example's token sequences, how many are each member's. */
  #sequenceCounts: readonly number[] | undefined;

  /**
   * @param own the parameters that combine the scores
   * @param ownInitialised those of them that come from no checkpoint
   */
  protected constructor(
    readonly kind: "voting" | "stacking",
    members: readonly PairModel[],
    readonly settings: EnsembleSettings,
    protected readonly own: Parameters,
    ownInitialised: readonly string[],
  ) {
    super();
    this.members = [...members];
    this.precision = members[0]!.precision;
    this.parameters = new Map([
      ...own,
      ...members.flatMap((member, i) =>
        [...member.parameters].map(([name, tensor]) => [nameInside(i, name), tensor] as const),
      ),
    ]);
    this.initialised = [
      ...ownInitialised,
      ...members.flatMap((member, i) => member.initialised.map((name) => nameInside(i, name))),
    ];
  }

  /** Combines scores. @param scores float32 [batch, members] @returns [batch] */
  protected abstract combine(scores: Tensor): Tensor;

  get labelRange(): LabelRange {
    return this.settings.labelRange;
  }

  /** That of the members. */
  get device(): string {
    return this.members[0]!.device;
  }

  /** That of the member which reads the most; each cuts its inputs to its own. */
  get maxLength(): number {
    return Math.max(...this.members.map((member) => member.maxLength));
  }

  override get readers(): readonly TextReader[] {
    return this.members.flatMap((member) => member.readers);
  }

  /** Those of the members, where they are frozen; otherwise what the members keep frozen. */
  override get frozenParameters(): ReadonlySet<string> {
    const frozen = this.members.flatMap((member, i) => {
      const names = this.settings.freezeMembers
        ? member.parameters.keys()
        : member.frozenParameters;
      return [...names].map((name) => nameInside(i, name));
    });
    return new Set(frozen);
  }

  /** @returns for each pair, every member's token sequences in the order of the members */
  async tokenize(pairs: readonly (readonly string[])[], signal?: AbortSignal): Promise<Encoded[]> {
    requirePairs(pairs);
    const byMember: Encoded[][] = [];
    for (const member of this.members) byMember.push(await member.tokenize(pairs, signal));
    return pairs.map((_, i) => byMember.flatMap((encoded) => encoded[i]!));
  }

  protected compute(examples: readonly Encoded[], pass: TrainingPass | null): Promise<Outputs> {
    return scope(async () => {
      const memberScores = await this.#memberScores(examples, pass);
      // A score has three digits in bfloat16, too few to order pairs by.
      const scores = autocast(null, () => this.combine(ops.t(ops.stack(memberScores))));
      return { scores, logits: null, embeddings: [] };
    });
  }

  dispose(): void {
    for (const member of this.members) member.dispose();
    for (const tensor of this.own.values()) tensor.dispose();
  }

  protected async write(directory: string): Promise<void> {
    const members = this.members.map((_, i) => `members/${i}`);
    for (const [i, member] of this.members.entries()) {
      await member.save(path.join(directory, members[i]!));
    }
    await writeStsConfig(directory, { kind: this.kind, ...this.settings, members });
  }

  /** Each member's scores on the ensemble's label scale, [batch]. */
  async #memberScores(examples: readonly Encoded[], pass: TrainingPass | null): Promise<Tensor[]> {
    const parts = split(examples, await this.#countSequences());
    const result: Tensor[] = [];
    for (const [i, member] of this.members.entries()) {
      const { scores } = this.settings.freezeMembers
        ? await noGrad(() => member.forward(parts[i]!, null))
        : await member.forward(parts[i]!, pass);
      result.push(rescale(scores, member.labelRange, this.labelRange));
    }
    return result;
  }

  /** Asks the members by an example, so that a model of any kind can be one. */
  async #countSequences(): Promise<readonly number[]> {
    this.#sequenceCounts ??= await Promise.all(
      this.members.map(async (member) => (await member.tokenize([["a", "a"]]))[0]!.length),
    );
    return this.#sequenceCounts;
  }
}

const nameInside = (member: number, name: string): string => `members.${member}.${name}`;

function requirePairs(examples: readonly unknown[]): void {
  examples.forEach((texts, i) => {
    if (Array.isArray(texts) && texts.length === 2) return;
    throw invalidArgument(`pairs[${i}]`, "an array of two sentences", texts);
  });
}

/** What each member reads of the examples: [members][examples]. */
function split(examples: readonly Encoded[], counts: readonly number[]): Encoded[][] {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const wrong = examples.findIndex((example) => example.length !== total);
  if (wrong >= 0) {
    const expected = `${total} token sequences, as the ensemble's own tokenize gives`;
    throw invalidArgument(`examples[${wrong}]`, expected, examples[wrong]!.length);
  }
  let begin = 0;
  return counts.map((count) => {
    const [from, to] = [begin, (begin += count)];
    return examples.map((example) => example.slice(from, to));
  });
}

/** Moves scores from one label scale to another, the ends of the one to those of the other. */
function rescale(scores: Tensor, from: LabelRange, to: LabelRange): Tensor {
  if (from.min === to.min && from.max === to.max) return scores;
  const factor = (to.max - to.min) / (from.max - from.min);
  return ops.addScalar(ops.scale(scores, factor), to.min - from.min * factor);
}
