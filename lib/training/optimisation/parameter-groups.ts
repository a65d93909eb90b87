import { parameterDepths } from "../../models/parameter-depth.js";
import type { Parameters } from "../../models/parameters.js";
import type { Tensor } from "../../tensor/tensor.js";
import type { OptimisationConfig, ParameterRule } from "../config.js";
import { namesMatching } from "./pattern.js";

/** Parameters that are optimised alike. */
export type ParameterGroup = {
  names: string[];
  parameters: Tensor[];
  /** At its peak. */
  lr: number;
  weightDecay: number;
};

type GroupingConfig = Pick<
  OptimisationConfig,
  "lr" | "weightDecay" | "layerDecay" | "parameterRules"
>;

/**
 * Gives each parameter its learning rate and weight decay:
 *
 * - `lr` · `layerDecay`^(layers + 1 - depth), so that the head keeps `lr`, the last layer has
 *   `lr` · `layerDecay`, and the embeddings have the least;
 * - `weightDecay`, but none for biases and layer norms;
 * - what the last rule whose pattern is in its name says, in place of both.
 *
 * @param frozen the names of those that are left out; a layer counts also where it is frozen
 * @see Howard and Ruder (2018), "Universal Language Model Fine-tuning for Text Classification", on
 *   discriminative fine-tuning; Clark et al. (2020), "ELECTRA", appendix B
 */
export function groupParameters(
  parameters: Parameters,
  config: GroupingConfig,
  frozen: ReadonlySet<string> = new Set(),
): ParameterGroup[] {
  const names = [...parameters.keys()];
  const depths = parameterDepths(names);
  const rules = rulesByName(names, config.parameterRules);
  const groups = new Map<string, ParameterGroup>();
  for (const name of names) {
    if (frozen.has(name)) continue;
    const { depth, layers } = depths.get(name)!;
    const rule = rules.get(name);
    const lr = rule?.lr ?? config.lr * config.layerDecay ** (layers + 1 - depth);
    const weightDecay = rule?.weightDecay ?? (decays(name) ? config.weightDecay : 0);
    const key = `${lr} ${weightDecay}`;
    const group = groups.get(key) ?? { names: [], parameters: [], lr, weightDecay };
    groups.set(key, group);
    group.names.push(name);
    group.parameters.push(parameters.get(name)!);
  }
  return [...groups.values()];
}

const decays = (name: string): boolean => !name.endsWith(".bias") && !/layer_?norm/i.test(name);

function rulesByName(
  names: readonly string[],
  rules: readonly ParameterRule[],
): Map<string, ParameterRule> {
  const found = new Map<string, ParameterRule>();
  rules.forEach((rule, i) => {
    for (const name of namesMatching(rule.pattern, names, `parameterRules.${i}.pattern`)) {
      found.set(name, { ...found.get(name), ...rule });
    }
  });
  return found;
}
