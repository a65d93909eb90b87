import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";

const library = process.platform === "darwin" ? "libtorch_cpu.dylib" : "libtorch_cpu.so";

/** A directory of its own for one test, removed after it. */
export function scratchDirectory(): string {
  const directory = mkdtempSync(path.join(os.tmpdir(), "sts-native-"));
  cleanUps.push(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

const cleanUps: (() => void)[] = [];
afterEach(() => {
  for (const cleanUp of cleanUps.splice(0)) cleanUp();
});

/** Writes files, by path relative to `root`. */
export function writeTree(root: string, files: Record<string, string>): void {
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(root, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

/** What of libtorch is looked at, as a wheel has it. */
export function fakeTorch(version: string, cuda: string | null = null): Record<string, string> {
  return {
    [`lib/${library}`]: "",
    "include/ATen/ATen.h": "",
    "version.py": [
      "from typing import Optional",
      "__all__ = ['__version__', 'debug', 'cuda', 'git_version', 'hip', 'rocm', 'xpu']",
      `__version__ = '${version}'`,
      `cuda: Optional[str] = ${cuda === null ? "None" : `'${cuda}'`}`,
    ].join("\n"),
  };
}

/** Puts shell scripts in front of the PATH: what a program of that name does. */
export function withPrograms(programs: Record<string, string>): NodeJS.ProcessEnv {
  const bin = scratchDirectory();
  for (const [name, body] of Object.entries(programs)) {
    const file = path.join(bin, name);
    writeFileSync(file, `#!/bin/sh\n${body}\n`);
    chmodSync(file, 0o755);
  }
  return { ...process.env, PATH: `${bin}:${process.env.PATH ?? ""}`, LIBTORCH: "" };
}

/** A python3 whose torch, if any, is in `torch`, and whose pip runs `pip` with `$target` set. */
export function fakePython({ torch = "", pip = "exit 1" }): string {
  return `
case "$1 $2" in
  "-c "*find_spec*) echo "${torch && path.join(torch, "__init__.py")}" ;;
  "-m pip")
    for argument; do
      [ "$previous" = --target ] && target=$argument
      previous=$argument
    done
    ${pip} ;;
  *) exit 1 ;;
esac`;
}
