/** What went wrong, in one word that a program can branch on. */
export type ErrorCode =
  /** An argument, option or configuration value is not what it must be. */
  | "INVALID_ARGUMENT"
  /** A data file has rows or columns that cannot be used. */
  | "INVALID_DATA"
  /** A file, directory or hub repository does not exist or cannot be read. */
  | "NOT_FOUND"
  /** A model directory is damaged: a truncated file, a wrong shape, a missing weight. */
  | "CHECKPOINT_CORRUPT"
  /** The model is sound but of a kind that sts-native does not compute. */
  | "UNSUPPORTED_MODEL"
  /** libtorch or the compiled addon is missing or does not load. */
  | "LIBTORCH_NOT_FOUND"
  /** Reading or writing failed: no space, no permission, a directory that went away. */
  | "IO_FAILED"
  /** The model hub could not be reached or refused. */
  | "HUB_FAILED"
  /** A translation service could not be reached, refused or gave an answer that cannot be used. */
  | "TRANSLATION_FAILED"
  /** The machine has less memory than the operation needs. */
  | "OUT_OF_MEMORY"
  /** A tensor or model was used after it had been disposed. */
  | "DISPOSED"
  /** An `AbortSignal` fired or Ctrl-C was pressed. */
  | "ABORTED"
  /** libtorch refused an operation: shapes, types or devices do not fit. */
  | "OPERATOR_FAILED"
  /** A value became infinite or not a number. */
  | "NOT_FINITE"
  /** A mistake of ours. */
  | "INTERNAL";

const userMistakes: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  "INVALID_ARGUMENT",
  "INVALID_DATA",
  "NOT_FOUND",
  "CHECKPOINT_CORRUPT",
  "UNSUPPORTED_MODEL",
  "LIBTORCH_NOT_FOUND",
]);

/** The one error class of the library. `cause` holds what was caught, where something was. */
export class StsError extends Error {
  override readonly name = "StsError";

  constructor(
    readonly code: ErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }

  /** Whether the input has to change for the call to succeed (exit code 2 on the command line). */
  get isUserMistake(): boolean {
    return userMistakes.has(this.code);
  }
}

/** The error for an argument: what it is called, what was expected, what came. */
export function invalidArgument(name: string, expected: string, actual: unknown): StsError {
  return new StsError(
    "INVALID_ARGUMENT",
    `${name}: expected ${expected}, got ${describe(actual)}.`,
  );
}

/** A value as an error message shows it: short, and with its type where that is the point. */
export function describe(value: unknown): string {
  if (typeof value === "string") {
    return JSON.stringify(value.length > 60 ? `${value.slice(0, 57)}…` : value);
  }
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "function") return "a function";
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === "object" && value !== null) {
    return `an object of type ${value.constructor.name}`;
  }
  return String(value);
}
