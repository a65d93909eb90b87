import stringWidth from "string-width";
import { cut, grid, percent, sparkline, table } from "../../lib/cli/format.js";

describe("a text is cut", () => {
  it.each([
    ["가나다라", 8, "가나다라"],
    ["가나다라마", 8, "가나다…"],
    ["abcdefghi", 8, "abcdefg…"],
    ["👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧", 5, "👩‍👩‍👧👩‍👩‍👧…"],
    ["가", 1, "…"],
    ["", 3, ""],
  ])("%j to %d columns of a terminal", (text, width, expected) => {
    expect(cut(text, width)).toBe(expected);
    expect(stringWidth(expected)).toBeLessThanOrEqual(width);
  });

  it("to one line that does nothing to the terminal", () => {
    expect(cut("가\n\t나\u001b[31m", 20)).toBe("가 나\ufffd[31m");
    expect(cut("\u202e가나\u202c \u2066다\u2069", 20)).toBe("\ufffd가나\ufffd \ufffd다\ufffd");
  });

  it("at once, however long it is", () => {
    const begin = performance.now();
    expect(cut("가 ".repeat(1_000_000), 8)).toBe("가 가 …");
    expect(performance.now() - begin).toBeLessThan(1000);
  });
});

it("columns stand under each other, also where Hangul is", () => {
  const rows = [
    ["", "열", "b"],
    ["뉴스", "1", "22"],
    ["c", "333", "4"],
  ];
  expect(grid(rows)).toBe("       열   b\n뉴스    1  22\nc     333   4");
  const [first, second] = table([
    ["이름", "x"],
    ["name", "y"],
  ]).split("\n");
  expect([first, second]).toEqual(["이름  x", "name  y"]);
});

it("counts are bars as high as their share of the highest, and none is hidden", () => {
  expect(sparkline([0, 1, 400, 800])).toBe(" ▁▄█");
  expect(sparkline([0, 0])).toBe("  ");
});

it.each([
  [0, "0 %"],
  [0.0123, "1.2 %"],
  [0.256, "26 %"],
  [1, "100 %"],
])("%d is a part of %s", (part, text) => {
  expect(percent(part)).toBe(text);
});
