import { countGraphemes, isPlain } from "../../../lib/data/description/graphemes.js";
import { Random } from "../../../lib/data/random.js";

const segmenter = new Intl.Segmenter("ko", { granularity: "grapheme" });
const segmented = (text: string) => [...segmenter.segment(text)].length;

it.each([
  ["", 0],
  ["가나다 ㅋㅋ!", 7],
  ["가나".normalize("NFD"), 2],
  ["cafe\u0301", 4],
  ["👩‍👩‍👧👍🏽🇰🇷", 3],
  ["𠮷", 1],
  ["a\r\nb", 3],
  ["か\u3099", 1],
])("%j has as many characters as people see", (text, count) => {
  expect(countGraphemes(text)).toBe(count);
});

it("text that is counted without a segmenter has as many characters as with one", () => {
  const random = new Random(1);
  const characters = Array.from({ length: 0xfffe }, (_, i) => String.fromCharCode(i));
  const plain = characters.filter(isPlain);
  expect(plain.length).toBeGreaterThan(30_000);
  for (let round = 0; round < 3; round++) {
    const text = random.shuffle([...plain]).join("");
    for (let start = 0; start < text.length; start += 1000) {
      const part = text.slice(start, start + 1000);
      expect(countGraphemes(part)).toBe(segmented(part));
    }
  }
});

describe("a text of any length", () => {
  const pieces = [
    "👩‍👩‍👧",
    "🇰🇷",
    "e\u0301",
    "👍🏽",
    "\r\n",
    "가",
    "가".normalize("NFD"),
    "a",
    "\ud83d",
    "\u200d",
  ];

  it("has as many characters as when it is segmented as a whole", () => {
    const random = new Random(2);
    for (let round = 0; round < 40; round++) {
      const filled = Array.from({ length: 800 }, () => random.shuffle([...pieces])[0]!);
      const text = filled.join("");
      expect(countGraphemes(text)).toBe(segmented(text));
    }
    expect(countGraphemes(`a${"\u0301".repeat(5000)}b`)).toBe(2);
    expect(countGraphemes("🇰🇷".repeat(2001))).toBe(2001);
  });

  it("is counted in a time that grows with its length alone", () => {
    const begin = performance.now();
    expect(countGraphemes("👍🏽 ".repeat(100_000))).toBe(200_000);
    expect(performance.now() - begin).toBeLessThan(10_000);
  });
});
