import { isVisible } from "../visible.js";
import { createPass, placeholderPattern, type Passed } from "./pass.js";
import {
  parseCleaningRules,
  type CleaningOptions,
  type CleaningPreset,
  type CleaningRules,
} from "./rules.js";
import { stepsOf, type RuleName } from "./steps.js";

/** What has become of a text. */
export type Cleaned = {
  text: string;
  /** The rules that changed it. */
  changedBy: ReadonlySet<RuleName>;
  /** Whether nothing would be left to read of it; the text is then as it was. */
  wouldBeEmpty: boolean;
};

/**
 * Cleans texts by a rule set. A text that has been cleaned stays as it is when it is cleaned again.
 * @example
 * new Cleaner().clean("정말!! 좋아요^^ 👍"); // "정말!! 좋아요"
 */
export class Cleaner {
  readonly rules: CleaningRules;
  readonly #pass: (text: string) => Passed;
  readonly #placeholder: RegExp | undefined;

  /**
   * @param rules a rule set, or the name of one
   * @throws StsError `INVALID_ARGUMENT`, naming every key at fault
   */
  constructor(rules: CleaningOptions | CleaningPreset = "default") {
    this.rules = parseCleaningRules(rules);
    this.#pass = createPass(this.rules);
    this.#placeholder = placeholderPattern(this.rules.placeholders);
  }

  /** Whether texts stay as they are. */
  get isOff(): boolean {
    return stepsOf(this.rules).length === 0;
  }

  /** The text, cleaned; one of which nothing would be left to read as it is. */
  clean(text: string): string {
    return this.explain(text).text;
  }

  /** The same, and what changed it. */
  explain(text: string): Cleaned {
    const changedBy = new Set<RuleName>();
    let cleaned = text;
    // What a rule takes away may leave something behind that another one is for.
    for (let before; cleaned !== before;) {
      before = cleaned;
      const passed = this.#pass(before);
      passed.changedBy.forEach((rule) => changedBy.add(rule));
      cleaned = passed.text;
    }
    const isEmpty = cleaned !== text && !isVisible(cleaned);
    if (!isEmpty) return { text: cleaned, changedBy, wouldBeEmpty: false };
    return { text, changedBy: new Set(), wouldBeEmpty: isVisible(text) };
  }

  /** The placeholders in a text, in their order. */
  placeholdersIn(text: string): string[] {
    if (!this.#placeholder) return [];
    return (text.match(this.#placeholder) ?? []).filter((found) => found !== "");
  }
}
