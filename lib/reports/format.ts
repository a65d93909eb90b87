/** A whole number: `5,749`. */
export const count = (value: number): string => value.toLocaleString("en-US");

/** `1 pair`, `5,749 pairs`. */
export const counted = (value: number, noun: string): string =>
  `${count(value)} ${noun}${value === 1 ? "" : "s"}`;

/** A correlation or an error to four digits; null where it is not defined. */
export const digits = (value: number | null): string | null =>
  value === null ? null : value.toFixed(4);

/** A label or an error to two digits: `2.70`. */
export const twoDigits = (value: number | null): string | null => decimals(value, 2);

/** A length that may lie between two whole ones, to one digit: `59.6`. */
export const oneDigit = (value: number | null): string | null => decimals(value, 1);

const decimals = (value: number | null, digits: number): string | null =>
  value === null
    ? null
    : value.toLocaleString("en-US", {
        minimumFractionDigits: digits,
        maximumFractionDigits: digits,
      });

/** A part of a whole: `12.3 %`. */
export const percent = (part: number, whole: number): string | null =>
  whole === 0 ? null : `${((100 * part) / whole).toFixed(1)} %`;

/**
 * As short as its digits allow, for ticks and mixed values: `0.05`, `2e-5`, `12,500`, `320K`.
 * @param precision how many digits are significant
 */
export function compact(value: number, precision = 5): string {
  const size = Math.abs(value);
  if ((size !== 0 && size < 1e-3) || size >= 1e15) {
    return value.toExponential(precision - 1).replace(/\.?0*e\+?/, "e");
  }
  const notation = size >= 1e5 ? "compact" : "standard";
  return value.toLocaleString("en-US", { notation, maximumSignificantDigits: precision });
}
