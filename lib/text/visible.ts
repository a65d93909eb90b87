/** Format and control characters, such as the zero-width space, leave nothing to read either. */
export function isVisible(text: string): boolean {
  return /[^\s\p{Cc}\p{Cf}]/u.test(text);
}
