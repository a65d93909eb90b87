import type { CleaningRules } from "./rules.js";
import { isEmoji, ofKinds, unitsOf } from "./units.js";

/** A rule that changes texts, by its key in the rule set. */
export type RuleName = Exclude<keyof CleaningRules, "placeholders" | "alsoKeep">;

/** Where a stretch of text lies between placeholders. */
export type Place = { isFirst: boolean; isLast: boolean };

/** A rule that is on. */
export type Step = { rule: RuleName; apply: (text: string, place: Place) => string };

/** The rules of a set that are on, in the order in which they are applied. */
export function stepsOf(rules: CleaningRules): Step[] {
  const { unicode, emoji, keep, repeatedCharacters, repeatedPunctuation } = rules;
  const isSpared = sparing(rules.alsoKeep);
  const steps: Step[] = [];
  if (unicode !== "none") {
    steps.push({ rule: "unicode", apply: (text) => text.normalize(unicode) });
  }
  if (emoji !== "keep") {
    const replacement = emoji === "remove" ? "" : emoji.replaceWith;
    const replace = (unit: string) => (isEmoji(unit) && !isSpared(unit) ? replacement : unit);
    steps.push({ rule: "emoji", apply: (text) => unitsOf(text).map(replace).join("") });
  }
  if (keep) {
    const isKept = ofKinds(keep);
    const stays = (unit: string) =>
      isKept(unit) || isSpace(unit) || isEmoji(unit) || isSpared(unit);
    steps.push({ rule: "keep", apply: (text) => unitsOf(text).filter(stays).join("") });
  }
  if (repeatedCharacters !== undefined) {
    const apply = limitRuns(repeatedCharacters, ofKinds(["letters"]));
    steps.push({ rule: "repeatedCharacters", apply });
  }
  if (repeatedPunctuation !== undefined) {
    const isPunctuation = ofKinds(["punctuation", "symbols"]);
    const apply = limitRuns(repeatedPunctuation, (unit) => isPunctuation(unit) || isEmoji(unit));
    steps.push({ rule: "repeatedPunctuation", apply });
  }
  if (rules.collapseSpaces) {
    const apply = (text: string) => text.replace(/\p{White_Space}+/gu, " ");
    steps.push({ rule: "collapseSpaces", apply });
  }
  if (rules.trim) steps.push({ rule: "trim", apply: trim });
  return steps;
}

const isSpace = (unit: string): boolean => /^\p{White_Space}/u.test(unit);

/** Whether a unit, or the character that it begins with, is one of `characters`. */
function sparing(characters: string): (unit: string) => boolean {
  const spared = new Set(unitsOf(characters));
  return (unit) => spared.has(unit) || (!isEmoji(unit) && spared.has(firstCharacter(unit)));
}

const firstCharacter = (unit: string): string => String.fromCodePoint(unit.codePointAt(0)!);

/** Leaves `most` of equal units that follow each other. */
function limitRuns(most: number, isOfKind: (unit: string) => boolean): (text: string) => string {
  return (text) => {
    let run = 0;
    let previous: string | undefined;
    const stays = (unit: string) => {
      run = unit === previous ? run + 1 : 1;
      previous = unit;
      return run <= most || !isOfKind(unit);
    };
    return unitsOf(text).filter(stays).join("");
  };
}

function trim(text: string, { isFirst, isLast }: Place): string {
  let [start, end] = [0, text.length];
  if (isFirst) while (start < end && isSpace(text[start]!)) start++;
  // An expression for the end would look at every space as if it were the last.
  if (isLast) while (end > start && isSpace(text[end - 1]!)) end--;
  return text.slice(start, end);
}
