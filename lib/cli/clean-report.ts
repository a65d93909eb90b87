import { styleText } from "node:util";
import type { ChangedSentence, CleanedFile } from "../data/clean-file.js";
import { cleaningKeys } from "../text/cleaning/rules.js";
import type { RuleName } from "../text/cleaning/steps.js";
import { difference, visibly, type Stretch } from "./difference.js";
import { count, counted, grid } from "./format.js";
import type { Output } from "./output.js";

/** A change and the file that it is in. */
export type FileChange = ChangedSentence & { file: string };

/** As many places are spelt out. */
const mostListed = 10;

/**
 * The changes that take the most away, those of one sentence once.
 * @param most changes at most
 */
export function greatestChanges(files: readonly CleanedFile[], most: number): FileChange[] {
  const all = files.flatMap(({ file, changes }) => changes.map((each) => ({ file, ...each })));
  const once = new Map(all.reverse().map((each) => [each.before, each]));
  const lost = ({ before, after }: FileChange) => before.length - after.length;
  return [...once.values()]
    .reverse()
    .sort((a, b) => lost(b) - lost(a))
    .slice(0, most);
}

/** Tells what cleaning came to. */
export function reportCleaning(
  output: Output,
  files: readonly CleanedFile[],
  preview: readonly FileChange[],
): void {
  const paint = painterOf(output);
  for (const change of preview) output.print(describeChange(change, paint));
  output.print(describeCounts(files));
  const rules = describeRules(files);
  if (rules !== "") output.print(`\n${rules}`);
  for (const line of describeIdentical(files)) output.print(`\n${line}`);
  for (const { file, wouldBeEmpty } of files) {
    if (wouldBeEmpty.length === 0) continue;
    const places = wouldBeEmpty.map(({ line, column }) => `  ${file}:${line} ${column}`);
    output.warn(
      `${counted(wouldBeEmpty.length, "sentence")} of ${file} would be empty and stay as they are:\n` +
        shortened(places, "\n"),
    );
  }
}

type Paint = (text: string, kind: "gone" | "new") => string;

/** Where there are no colours, brackets. */
function painterOf(output: Output): Paint {
  if (!output.printsColors)
    return (text, kind) => (kind === "gone" ? `[-${text}-]` : `{+${text}+}`);
  const style = { gone: ["red", "inverse"], new: ["green", "inverse"] } as const;
  return (text, kind) => styleText([...style[kind]], text, { validateStream: false });
}

function describeChange({ file, line, column, before, after }: FileChange, paint: Paint): string {
  const [first, second] = difference(before, after);
  const show = (stretches: readonly Stretch[], kind: "gone" | "new") =>
    stretches
      .map(({ text, isShared }) => (isShared ? visibly(text) : paint(visibly(text), kind)))
      .join("");
  return `${file}:${line} ${column}\n  ${show(first, "gone")}\n  ${show(second, "new")}\n`;
}

function describeCounts(files: readonly CleanedFile[]): string {
  const sum = (of: (file: CleanedFile) => number) =>
    files.reduce((total, file) => total + of(file), 0);
  const columns: [string, (file: CleanedFile) => number][] = [
    ["rows", ({ rows }) => rows],
    ["changed rows", ({ changedRows }) => changedRows],
    ["changed sentences", ({ changes }) => changes.length],
    ["now identical", ({ identical }) => identical.length],
    ["would be empty", ({ wouldBeEmpty }) => wouldBeEmpty.length],
  ];
  return grid([
    ["", ...columns.map(([name]) => name)],
    ...files.map((file) => [file.file, ...columns.map(([, of]) => count(of(file)))]),
    ...(files.length > 1 ? [["together", ...columns.map(([, of]) => count(sum(of)))]] : []),
  ]);
}

/** How many sentences each rule changed, in the order of the rules. */
export function countRules(files: readonly CleanedFile[]): Partial<Record<RuleName, number>> {
  const counts: Partial<Record<string, number>> = {};
  for (const rule of cleaningKeys) {
    const total = files.reduce((sum, { byRule }) => sum + (byRule[rule as RuleName] ?? 0), 0);
    if (total > 0) counts[rule] = total;
  }
  return counts;
}

function describeRules(files: readonly CleanedFile[]): string {
  const rows = Object.entries(countRules(files)).map(([rule, total]) => [rule, count(total)]);
  return rows.length === 0 ? "" : grid([["rule", "changed sentences"], ...rows]);
}

function describeIdentical(files: readonly CleanedFile[]): string[] {
  const places = files.flatMap(({ file, identical }) => identical.map((line) => `${file}:${line}`));
  if (places.length === 0) return [];
  return [`pairs whose sentences become the same: ${shortened(places, ", ")}`];
}

function shortened(items: readonly string[], separator: string): string {
  const shown = items.slice(0, mostListed).join(separator);
  const more = items.length - mostListed;
  return more > 0
    ? `${shown}${separator}${separator === "\n" ? "  " : ""}and ${count(more)} more`
    : shown;
}
