/**
 * The parts of the library that are used here. Its own declarations import each other without file
 * extensions, which TypeScript does not resolve for an ES module.
 */
declare module "@huggingface/tokenizers" {
  type Pattern = { String: string } | { Regex: string };

  export class ReplaceNormalizer {
    constructor(config: { pattern: Pattern; content: string });
    readonly pattern: RegExp;
  }

  export class SplitPreTokenizer {
    constructor(config: { pattern: Pattern; invert: boolean });
    readonly pattern: RegExp;
  }

  export class ByteLevelPreTokenizer {
    constructor(config: { add_prefix_space: boolean; use_regex: boolean });
    pattern: RegExp;
    pre_tokenize_text(text: string): string[];
  }

  export class WordPiece {
    constructor(config: {
      vocab: Record<string, number>;
      unk_token: string;
      continuing_subword_prefix: string;
      max_input_chars_per_word: number;
    });
    encode(words: readonly string[]): string[];
  }

  export class BPE {
    constructor(config: {
      vocab: Record<string, number>;
      merges: [string, string][];
      unk_token: string | null;
      byte_fallback: boolean;
      ignore_merges: boolean;
      end_of_word_suffix: string | null;
    });
    encode(words: readonly string[]): string[];
  }
}
