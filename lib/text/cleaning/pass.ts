import type { CleaningRules } from "./rules.js";
import { stepsOf, type RuleName, type Step } from "./steps.js";

/** A text, and the rules that changed it. */
export type Passed = { text: string; changedBy: ReadonlySet<RuleName> };

/** Applies every rule once. What a rule makes a placeholder of, the next ones leave alone. */
export function createPass(rules: CleaningRules): (text: string) => Passed {
  const steps = stepsOf(rules);
  const split = splitterOf(rules.placeholders);
  return (text) => {
    const changedBy = new Set<RuleName>();
    let result = text;
    for (const step of steps) {
      const before = result;
      result = betweenPlaceholders(split(before), step.apply);
      if (result !== before) changedBy.add(step.rule);
    }
    return { text: result, changedBy };
  };
}

function betweenPlaceholders(parts: readonly string[], apply: Step["apply"]): string {
  const last = parts.length - 1;
  const change = (part: string, i: number) =>
    i % 2 === 0 ? apply(part, { isFirst: i === 0, isLast: i === last }) : part;
  return parts.map(change).join("");
}

/** Cuts a text at placeholders: text, placeholder, text, … text; the texts may be empty. */
function splitterOf(patterns: readonly string[]): (text: string) => string[] {
  const placeholder = placeholderPattern(patterns);
  if (!placeholder) return (text) => [text];
  return (text) => {
    const parts: string[] = [];
    let end = 0;
    for (const { 0: found, index } of text.matchAll(placeholder)) {
      // A pattern that also fits nothing.
      if (found === "") continue;
      parts.push(text.slice(end, index), found);
      end = index + found.length;
    }
    parts.push(text.slice(end));
    return parts;
  };
}

/** What finds the placeholders of a text; undefined where there are none. */
export const placeholderPattern = (patterns: readonly string[]): RegExp | undefined =>
  patterns.length === 0
    ? undefined
    : new RegExp(patterns.map((pattern) => `(?:${pattern})`).join("|"), "gu");
