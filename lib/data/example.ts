/** What a sentence encoder is trained on. All examples of a file have as many texts. */
export type Example = {
  /** Two sentences, or three: an anchor, a sentence close to it, and a hard negative. */
  texts: readonly string[];
  /** How similar the first two are, on the label scale: the greatest where the file has no scores. */
  label: number;
  /** The 1-based line of the (decompressed) file at which the row of the first two starts. */
  line: number;
};
