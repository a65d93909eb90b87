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
