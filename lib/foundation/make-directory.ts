import { mkdir, stat } from "node:fs/promises";
import path from "node:path";

/**
 * Makes a directory and those above it, where they are missing. Unlike Node's own recursive `mkdir`
 * it ends on file systems that answer ENOENT to making a directory, such as /proc.
 * @throws the system's error
 */
export async function makeDirectory(directory: string): Promise<void> {
  const target = path.resolve(directory);
  const missing: string[] = [];
  for (let place = target; !(await isDirectory(place)); place = path.dirname(place)) {
    missing.unshift(place);
    if (place === path.dirname(place)) break;
  }
  for (const place of missing) {
    await mkdir(place).catch(async (error: unknown) => {
      // Another process may have been faster.
      if (!(await isDirectory(place))) throw error;
    });
  }
}

const isDirectory = async (place: string): Promise<boolean> =>
  (await stat(place).catch(() => undefined))?.isDirectory() ?? false;
