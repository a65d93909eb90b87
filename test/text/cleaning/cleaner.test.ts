import { Random } from "../../../lib/data/random.js";
import { Cleaner } from "../../../lib/text/cleaning/cleaner.js";
import type { CleaningOptions } from "../../../lib/text/cleaning/rules.js";

const clean = (rules: CleaningOptions, text: string) => new Cleaner(rules).clean(text);

describe("the default rules", () => {
  const cleaner = new Cleaner();

  it.each([
    ["정말!! 좋아요^^ 👍", "정말!! 좋아요"],
    ["뭐라고?... 네, 그래요~", "뭐라고?... 네, 그래요"],
    ["<PERSON>님 (서울) #문의", "<PERSON>님 서울 문의"],
    ["그대로 둡니다.", "그대로 둡니다."],
    ["caf\u0065\u0301 10,000원", "caf\u00e9 10,000원"],
  ])("%s becomes %s", (text, cleaned) => {
    expect(cleaner.clean(text)).toBe(cleaned);
  });

  it("a sentence of which nothing would be left stays, and one says so", () => {
    for (const text of ["♥", "^^ ~~", "👨‍👩‍👧‍👦"]) {
      expect(cleaner.explain(text)).toEqual({ text, changedBy: new Set(), wouldBeEmpty: true });
    }
    expect(cleaner.explain("...").wouldBeEmpty).toBe(false);
    expect(cleaner.explain("  ")).toMatchObject({ text: "  ", wouldBeEmpty: false });
  });

  it("one says which rules changed a text", () => {
    expect([...cleaner.explain(" 좋아요^^ 👍").changedBy]).toEqual(["emoji", "keep", "trim"]);
    expect([...cleaner.explain("좋아요").changedBy]).toEqual([]);
  });
});

it("rules that are left out are off", () => {
  const text = " \u1112\u1161\u11ab  <PERSON> ㅋㅋㅋㅋ!!!! 👍♥ \u200b\ufeff";
  expect(new Cleaner({}).clean(text)).toBe(text);
  expect(new Cleaner("none").clean(text)).toBe(text);
});

describe("what a reader takes for one character stays or goes as a whole", () => {
  it.each([
    ["가족 👨‍👩‍👧‍👦", "가족 "],
    ["👍🏽👍🏻굿", "굿"],
    ["🇰🇷 만세 🇰", " 만세 "],
    ["1️⃣번 2⃣번 3번 #️⃣ #4 *", "번 번 3번  #4 *"],
    ["🏴󠁧󠁢󠁥󠁮󠁧󠁿🏳️‍🌈⛹🏻‍♀️.", "."],
    ["♥ ☎ ™ ★", "   ★"],
    ["👩\u200d", ""],
  ])("emoji: %s", (text, rest) => {
    expect(clean({ emoji: "remove" }, `a${text}z`)).toBe(`a${rest}z`);
  });

  it("a mark goes with the character that it stands on", () => {
    const rules: CleaningOptions = { keep: ["letters"] };
    expect(clean(rules, "가~\u0308나")).toBe("가나");
    expect(clean(rules, "e\u0301#\u0338")).toBe("e\u0301");
    expect(clean(rules, "\u0301가")).toBe("가");
  });

  it("joiners stay in letters that they shape, and other invisible characters go", () => {
    const rules: CleaningOptions = { keep: ["letters"] };
    expect(clean(rules, "نیم\u200cفاصله")).toBe("نیم\u200cفاصله");
    expect(clean(rules, "가\u200b나\u00ad다\ufeff라\u3164마")).toBe("가나다라마");
  });

  it("syllables of conjoining jamo are counted as those that are composed", () => {
    const rules: CleaningOptions = { repeatedCharacters: 2 };
    const [open, closed] = ["하".normalize("NFD"), "각".normalize("NFD")];
    expect(clean(rules, open.repeat(4) + closed.repeat(3))).toBe(open.repeat(2) + closed.repeat(2));
    expect(clean(rules, "\u110f".repeat(5))).toBe("\u110f".repeat(2));
  });
});

describe("repetition", () => {
  const rules: CleaningOptions = { repeatedCharacters: 2, repeatedPunctuation: 1 };

  it.each([
    ["ㅋㅋㅋㅋ 하하하 zzz", "ㅋㅋ 하하 zz"],
    ["100000원 2000", "100000원 2000"],
    ["뭐!!!! 왜?!?! ~~~ ♥♥♥ 👍🏽👍🏽👍🏻", "뭐! 왜?!?! ~ ♥ 👍🏽👍🏻"],
    ["! ! !", "! ! !"],
  ])("%s becomes %s", (text, cleaned) => {
    expect(clean(rules, text)).toBe(cleaned);
  });
});

describe("emoji that become a text", () => {
  const rules: CleaningOptions = {
    placeholders: ["<[A-Z]+>"],
    emoji: { replaceWith: " <EMOJI> " },
    keep: ["letters"],
    alsoKeep: "♥",
    collapseSpaces: true,
    trim: true,
  };

  it("keep it through the other rules, and again", () => {
    const cleaned = clean(rules, "좋아👍🏽👍🏽!! ♥");
    expect(cleaned).toBe("좋아 <EMOJI> <EMOJI> ♥");
    expect(clean(rules, cleaned)).toBe(cleaned);
  });

  it("the rules must not undo it", () => {
    const error = /^cleaning: emoji: the rules would change the replacement itself/;
    expect(() => new Cleaner({ ...rules, placeholders: [] })).toThrow(error);
    expect(() => new Cleaner({ emoji: { replaceWith: "👍👍" } })).toThrow(error);
  });
});

it("NFKC is Unicode's, with what that means for single jamo", () => {
  expect(clean({ unicode: "NFKC" }, "ＡＢ１？ ㉮ ㅋㅋ")).toBe("AB1? 가 \u110f\u110f");
  expect(clean({ unicode: "NFC" }, "ＡＢ１？ ㅋㅋ")).toBe("ＡＢ１？ ㅋㅋ");
});

describe("placeholders", () => {
  it("are touched by no rule, nor is the space beside them lost", () => {
    const rules: CleaningOptions = {
      placeholders: ["<[A-Z]+>", "\\[\\d{3,}\\]", "~♥~"],
      ...{ unicode: "NFKC", emoji: "remove", keep: ["letters"], repeatedCharacters: 1 },
      ...{ repeatedPunctuation: 1, collapseSpaces: true, trim: true },
    };
    expect(clean(rules, "  <PERSOON>  [1000]!! ~♥~ ")).toBe("<PERSOON> [1000] ~♥~");
    expect(clean(rules, "가가<PERSON>가가 <person>")).toBe("가<PERSON>가 person");
    expect(clean(rules, "＜ＰＥＲＳＯＮ＞님")).toBe("<PERSON>님");
  });

  it("are found in a text, for who asks what a tokenizer makes of them", () => {
    const cleaner = new Cleaner();
    expect(cleaner.placeholdersIn("<A>와 <B>, <a> <A>")).toEqual(["<A>", "<B>", "<A>"]);
    expect(new Cleaner("none").placeholdersIn("<A>")).toEqual([]);
  });
});

describe("whatever the rules and the text", () => {
  const pieces = [
    ...["가", "ㅋ", "\u110f", "\u1161", "\u11a8", "a", "A", "1", "0", "\u0301", "\u0338", "\u20e3"],
    ...["!", "?", ",", ".", "~", "^", "<", ">", "#", "*", "-", "♥", "™", "ﬁ", "Å", "\u212b"],
    ...["👍", "🏽", "👩", "🇰", "🇷", "🏴", "\u{e0067}", "\u{e007f}", "\ufe0f", "\ufe0e", "\u200d"],
    ...[" ", "  ", "\t", "\n", "\u00a0", "\u3000", "\u200b", "\ufeff", "\u3164", "\ud83d"],
    ...["<PERSON>", "<A>", "PER"],
  ];
  const choices: { [Key in keyof CleaningOptions]-?: CleaningOptions[Key][] } = {
    placeholders: [[], ["<[A-Z]+>"], ["<[A-Z]+>", "\\d{2}"]],
    unicode: ["none", "NFC", "NFKC"],
    emoji: ["keep", "remove", { replaceWith: "<E>" }, { replaceWith: "♥" }],
    keep: [undefined, [], ["letters"], ["letters", "numbers", "punctuation"], ["symbols"]],
    alsoKeep: ["", "?!", "<>", "🇰#", "♥\u200d"],
    repeatedCharacters: [undefined, 1, 2],
    repeatedPunctuation: [undefined, 1, 3],
    collapseSpaces: [false, true],
    trim: [false, true],
  };
  const random = new Random(7);
  const pick = <T>(items: readonly T[]): T => items[random.integer(items.length)]!;

  /** Rules that exclude each other are drawn again. */
  function drawCleaner(): Cleaner {
    for (;;) {
      const drawn = Object.entries(choices).map(([key, values]) => [key, pick<unknown>(values)]);
      const given = drawn.filter(([, value]) => value !== undefined);
      try {
        return new Cleaner(Object.fromEntries(given) as CleaningOptions);
      } catch (error) {
        expect((error as Error).message).toMatch(/does nothing|the replacement itself/);
      }
    }
  }

  it("cleaning twice is cleaning once, and something is left to read", () => {
    for (let i = 0; i < 300; i++) {
      const cleaner = drawCleaner();
      for (let j = 0; j < 30; j++) {
        const text = Array.from({ length: 1 + random.integer(14) }, () => pick(pieces)).join("");
        const cleaned = cleaner.explain(text);
        const what = JSON.stringify({ rules: cleaner.rules, text, cleaned: cleaned.text });
        const again = cleaner.explain(cleaned.text);
        if (again.text !== cleaned.text || again.wouldBeEmpty !== cleaned.wouldBeEmpty) {
          throw new Error(`cleaned again, it is ${JSON.stringify(again.text)}: ${what}`);
        }
        const readable = (some: string) => /[^\s\p{Cc}\p{Cf}]/u.test(some);
        if (readable(text) && !readable(cleaned.text)) throw new Error(`empty: ${what}`);
      }
    }
  });

  it("placeholders are all there still, in their order", () => {
    for (let i = 0; i < 300; i++) {
      const cleaner = drawCleaner();
      for (let j = 0; j < 30; j++) {
        const text = Array.from({ length: 1 + random.integer(14) }, () => pick(pieces)).join("");
        const after = cleaner.clean(text);
        let from = 0;
        for (const placeholder of cleaner.placeholdersIn(text)) {
          const at = after.indexOf(placeholder, from);
          if (at < 0) throw new Error(JSON.stringify({ rules: cleaner.rules, text, after }));
          from = at + placeholder.length;
        }
      }
    }
  });
});

describe("a mistake in the rules is told by its key", () => {
  it.each<[unknown, RegExp]>([
    [{ emojis: "remove" }, /^cleaning: there is no setting "emojis"\. Did you mean "emoji"\?$/],
    [{ emoji: "removed" }, /^cleaning: emoji: .*"keep"\|"remove", got "removed"\.$/],
    [{ emoji: { replace: "x" } }, /there is no setting "emoji\.replace"/],
    [{ placeholders: ["("] }, /^cleaning: placeholders\.0: is not a regular expression /],
    [{ placeholders: ["<(A|B)>"] }, /placeholders\.0: groups are written \(\?:…\) here/],
    [{ placeholders: ["[A-Z]*"] }, /placeholders\.0: must not fit an empty text/],
    [{ keep: ["letter"] }, /keep\.0: .*"letters"\|"numbers"\|"punctuation"\|"symbols"/],
    [{ alsoKeep: "!" }, /alsoKeep: does nothing without keep, or emoji that do not stay/],
    [{ repeatedCharacters: 0 }, /repeatedCharacters: .*got 0/],
    [{ unicode: "nfc" }, /unicode: .*"NFC"\|"NFKC", got "nfc"/],
    [
      "defualt",
      /expected rules, or one of default, none, got "defualt"\. Did you mean "default"\?/,
    ],
    [3, /^cleaning: .*expected object.*got 3\.$/],
  ])("%j", (rules, message) => {
    expect(() => new Cleaner(rules as CleaningOptions)).toThrow(message);
    expect(() => new Cleaner(rules as CleaningOptions)).toThrow(
      expect.objectContaining({ code: "INVALID_ARGUMENT" }) as Error,
    );
  });
});
