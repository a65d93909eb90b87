/** A libtorch that sts-native can be built against. */
export interface Libtorch {
  /** The directory that holds lib/ and include/. */
  readonly root: string;
  /** As it names itself, such as `2.13.0+cpu`. */
  readonly version: string;
  /** The CUDA version that it was built for, such as `12.8`; null for a build without. */
  readonly cuda: string | null;
  /** Whether `LIBTORCH` named it, `python3` has it or it is in our own cache. */
  readonly source: "LIBTORCH" | "python" | "cache";
}

/** What was found, and what was looked at before and passed over. */
export interface LibtorchSearch {
  readonly found: Libtorch | null;
  readonly tried: readonly { readonly where: string; readonly why: string }[];
}

/**
 * Looks for libtorch: what `LIBTORCH` names, then the torch of `python3`, then our cache. Installs
 * nothing.
 * @throws {SetupProblem} when `LIBTORCH` names something that is no libtorch, or one before 2.6
 */
export function findLibtorch(env?: NodeJS.ProcessEnv): Promise<LibtorchSearch>;

/**
 * Installs libtorch into our cache with pip.
 * @throws {SetupProblem} when pip fails
 */
export function installLibtorch(context: {
  env: NodeJS.ProcessEnv;
  say: (line: string) => void;
}): Promise<Libtorch>;

export interface SetUpOptions {
  /** One part, with what it needs; without it, all parts. */
  readonly only?: "dependencies" | "libtorch" | "native" | "typescript";
  /** Builds the addon into build/Debug, with assertions and symbols and without optimisation. */
  readonly debug?: boolean;
  /** Builds the addon with the address and undefined behaviour sanitizers. */
  readonly sanitize?: boolean;
  /** The package's directory, when it is not the one that this file is in. */
  readonly root?: string;
  readonly env?: NodeJS.ProcessEnv;
}

/**
 * Brings the package to where it runs: npm dependencies, libtorch, the addon, the TypeScript.
 * What is done already is skipped. One line per step goes to stderr.
 * @throws {SetupProblem} saying what is missing and how to get it
 */
export function setUp(options?: SetUpOptions): Promise<void>;

/** Something that whoever sets up has to change; the message says what it is and how. */
export class SetupProblem extends Error {
  /** 2: a matter of the machine; 1: the build itself failed. */
  readonly exitCode: number;
}

/** What probing found. A string says what is there, null that it is not. */
export interface Tools {
  /** The command to call, options included. */
  readonly compiler: string | null;
  readonly compilerVersion: string | null;
  readonly compilesCpp20: boolean;
  readonly cmake: string | null;
  readonly generator: "ninja" | "make" | null;
  readonly python: string | null;
  readonly pip: boolean;
}

/** Looks for the tools of a build. `CXX` names the compiler, as CMake has it. */
export function probeTools(env: NodeJS.ProcessEnv): Promise<Tools>;

/** Says which tools are missing and how to get them, or null when none is. */
export function missingTools(
  tools: Tools,
  work: { building: boolean; installing: boolean },
): string | null;
