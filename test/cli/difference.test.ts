import { difference, visibly } from "../../lib/cli/difference.js";
import { Random } from "../../lib/data/random.js";

const marked = (first: string, second: string) =>
  difference(first, second).map((stretches) =>
    stretches.map(({ text, isShared }) => (isShared ? text : `[${text}]`)).join(""),
  );

it.each([
  ["좋아요^^ 👍", "좋아요", "좋아요[^^ 👍]", "좋아요"],
  ["a/b/c", "abc", "a[/]b[/]c", "abc"],
  ["가👨‍👩‍👧", "가👨", "가[👨‍👩‍👧]", "가[👨]"],
  ["ＡB", "AB", "[Ａ]B", "[A]B"],
  ["같다", "같다", "같다", "같다"],
  ["", "새", "", "[새]"],
])("%s and %s differ where one sees it", (first, second, ...expected) => {
  expect(marked(first, second)).toEqual(expected);
});

it("stretches make up the texts, and the shared ones of both are the same", () => {
  const random = new Random(3);
  const draw = () =>
    Array.from({ length: random.integer(12) }, () => "가나a!👍🏽 "[random.integer(6)]!);
  for (let i = 0; i < 500; i++) {
    const texts = [draw().join(""), draw().join("")] as const;
    const both = difference(...texts);
    expect(both.map((stretches) => stretches.map(({ text }) => text).join(""))).toEqual(texts);
    const [first, second] = both.map((stretches) =>
      stretches.map(({ text, isShared }) => (isShared ? text : "")).join(""),
    );
    expect(first).toBe(second);
  }
});

it("texts that are too long to be compared are taken to have been replaced", () => {
  expect(marked(`=${"a".repeat(3000)}=`, `=${"b".repeat(3000)}=`)).toEqual([
    `=[${"a".repeat(3000)}]=`,
    `=[${"b".repeat(3000)}]=`,
  ]);
});

it("what shows nothing, and what a terminal would act on, is spelt out", () => {
  expect(visibly("가 나\u200b\u001b[31m\t\u3000👍🏽")).toBe(
    "가 나\\u{200b}\\u{1b}[31m\\u{9}\\u{3000}👍🏽",
  );
});
