import { expressionError } from "./error.js";

export type Token = {
  kind: "number" | "name" | "symbol" | "end";
  text: string;
  /** 1-based */
  column: number;
};

// A minus belongs to a number, to say that it is out of its range; a plus joins terms. A hyphen
// belongs to a name only before a letter.
const number = /-?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y;
const name = /[A-Za-z]\w*(?:-[A-Za-z]\w*)*/y;
const symbol = /[-+*(),=]/y;
const patterns = Object.entries({ number, name, symbol } as const);

/** @returns the tokens, the last one of kind `end` */
export function tokenize(text: string): Token[] {
  const end = text.trimEnd().length;
  const tokens: Token[] = [];
  for (let at = skipSpace(text, 0); at < end;) {
    const token = tokenAt(text, at);
    tokens.push(token);
    at = skipSpace(text, at + token.text.length);
  }
  return [...tokens, { kind: "end", text: "", column: end + 1 }];
}

function skipSpace(text: string, at: number): number {
  while (/^\s$/.test(text.charAt(at))) at++;
  return at;
}

function tokenAt(text: string, at: number): Token {
  for (const [kind, pattern] of patterns) {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match) return { kind: kind as Token["kind"], text: match[0], column: at + 1 };
  }
  const character = String.fromCodePoint(text.codePointAt(at)!);
  throw expressionError(
    text,
    at + 1,
    `unexpected ${JSON.stringify(character)}. A loss is written as in "0.7*mse + 0.3*huber(delta=0.5)".`,
  );
}
