/**
 * Character classes as Python's `tokenizers` draws them, for regular expressions with the flag `v`.
 * Its tables for BERT are those of Unicode 8: what Unicode has assigned since is neither punctuation
 * nor a format character there. (Nor an accent: `\p{Mn}` strips accents of scripts encoded since,
 * which no uncased vocabulary holds. All else is equal, for every code point.)
 */

const PUNCTUATION_SINCE_UNICODE_8 =
  String.raw`\u061D\u09FD\u0A76\u0C77\u0C84\u1B4E\u1B4F\u1B7D-\u1B7F\
\u2E43-\u2E4F\u2E52-\u2E5D\u{10D6E}\u{10EAD}\u{10ED0}\u{10F55}-\u{10F59}\u{10F86}-\u{10F89}\u{113D4}\
\u{113D5}\u{113D7}\u{113D8}\u{1144B}-\u{1144F}\u{1145A}\u{1145B}\u{1145D}\u{11660}-\u{1166C}\u{116B9}\
\u{1183B}\u{11944}-\u{11946}\u{119E2}\u{11A3F}-\u{11A46}\u{11A9A}-\u{11A9C}\u{11A9E}-\u{11AA2}\
\u{11B00}-\u{11B09}\u{11BE1}\u{11C41}-\u{11C45}\u{11C70}\u{11C71}\u{11EF7}\u{11EF8}\u{11F43}-\u{11F4F}\
\u{11FFF}\u{12FF1}\u{12FF2}\u{16D6D}-\u{16D6F}\u{16E97}-\u{16E9A}\u{16FE2}\u{1E5FF}\u{1E95E}\u{1E95F}`
    .split("\\\n")
    .join("");

/** What words are made of: `\w` of other languages' regular expressions. */
export const WORD = String.raw`[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}]`;

/** Unicode's punctuation, and all symbols of ASCII. */
export const PUNCTUATION = String.raw`[[\p{P}\x21-\x2F\x3A-\x40\x5B-\x60\x7B-\x7E\u166D\u{111C9}]--[${PUNCTUATION_SINCE_UNICODE_8}]]`;

/** What the BERT normalizer drops: controls other than tab and line ends, formats, U+FFFD. */
export const DROPPED = String.raw`[[\p{Cc}\p{Cf}\p{Co}\uFFFD]--[\t\n\r\u0890\u0891\u08E2\u{110CD}\u{13430}-\u{1343F}]]`;

/** CJK ideographs, which BERT takes as words of their own. */
export const IDEOGRAPHS = String.raw`[\u4E00-\u9FFF\u3400-\u4DBF\uF900-\uFAFF\u{20000}-\u{2A6DF}\u{2A700}-\u{2B81F}\u{2B920}-\u{2CEAF}\u{2F800}-\u{2FA1F}]`;
