import { readFileSync, writeFileSync } from "node:fs";

/** Replaces what a page holds between `<!-- name: begin -->` and `<!-- name: end -->`. */
export function replaceBetweenMarks(page, name, text) {
  const [begin, end] = [`<!-- ${name}: begin -->`, `<!-- ${name}: end -->`];
  const old = readFileSync(page, "utf8");
  const [before] = old.split(begin);
  const [, after] = old.split(end);
  if (after === undefined) throw new Error(`${page}: has no ${begin} … ${end}.`);
  writeFileSync(page, `${before}${begin}\n\n${text}\n\n${end}${after}`);
}

/** The middle one; of an even number the upper of both. */
export const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
