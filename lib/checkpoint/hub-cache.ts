import { copyFile, readdir, readFile, rm, stat, symlink } from "node:fs/promises";
import path from "node:path";
import { getHFHubCachePath, getRepoFolderName } from "@huggingface/hub";

import { ioFailed, replaceFile, writeFileAtomically } from "../foundation/atomic-file.js";
import { readModuleList } from "./module-list.js";
import { weightFiles } from "./open.js";
import { readShardIndex } from "./shard-index.js";
import { makeDirectory } from "../foundation/make-directory.js";

const commitHash = /^[0-9a-f]{40}$/;

/**
 * One model in the cache that the Hugging Face libraries share: `blobs` holds files by their hash,
 * `snapshots/<commit>` has links to them by name, and `refs` says which commit a branch is at.
 * @see https://huggingface.co/docs/huggingface_hub/guides/manage-cache
 */
export class CachedModel {
  readonly root: string;

  /** @param id an id that has been checked: it becomes part of a path */
  constructor(id: string) {
    this.root = path.join(getHFHubCachePath(), getRepoFolderName({ type: "model", name: id }));
  }

  snapshot(commit: string): string {
    return path.join(this.root, "snapshots", commit);
  }

  /** The snapshot of a branch, tag or commit if it has all that a model needs, or undefined. */
  async find(revision: string): Promise<string | undefined> {
    const commit = commitHash.test(revision)
      ? revision
      : (await readFile(this.#ref(revision), "utf8").catch(() => "")).trim();
    if (!commitHash.test(commit)) return undefined;
    const snapshot = this.snapshot(commit);
    return (await isComplete(snapshot)) ? snapshot : undefined;
  }

  async setRevision(revision: string, commit: string): Promise<void> {
    if (revision === commit) return;
    await makeCacheDirectory(path.dirname(this.#ref(revision)));
    await writeFileAtomically(this.#ref(revision), commit);
  }

  /**
   * Adds a file to a snapshot; `write` is called only if the cache does not have the contents.
   * @param hash names the contents
   * @param size in bytes; what has another size is written anew
   * @param write makes the file at the path that it is given, and syncs it
   */
  async add(
    file: { commit: string; name: string; hash: string; size: number },
    write: (temporary: string) => Promise<void>,
  ): Promise<void> {
    const entry = path.join(this.snapshot(file.commit), file.name);
    const blob = path.join(this.root, "blobs", file.hash);
    if (await hasSize(entry, file.size)) return;
    await makeCacheDirectory(path.dirname(blob));
    if (!(await hasSize(blob, file.size))) await replaceFile(blob, write);
    await makeCacheDirectory(path.dirname(entry));
    await link(blob, entry);
  }

  #ref(revision: string): string {
    return path.join(this.root, "refs", revision);
  }
}

async function isComplete(snapshot: string): Promise<boolean> {
  // Of several modules, the encoder's weights are those that come last.
  const modules = await readModuleList(snapshot).catch(() => null);
  const directory = path.join(snapshot, modules?.[0]?.path ?? "");
  const names = await readdir(directory).catch((): string[] => []);
  const weights = weightFiles.find((name) => names.includes(name));
  if (weights === undefined || !(await exists(path.join(directory, "config.json")))) return false;
  if (!(await exists(path.join(directory, weights)))) return false;
  if (!weights.endsWith(".index.json")) return true;
  const shards = [...(await readShardIndex(directory, weights)).keys()];
  return (await Promise.all(shards.map(exists))).every(Boolean);
}

function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}

function hasSize(file: string, size: number): Promise<boolean> {
  return stat(file).then(
    (found) => found.size === size,
    () => false,
  );
}

async function makeCacheDirectory(directory: string): Promise<void> {
  await makeDirectory(directory).catch((error: unknown) =>
    Promise.reject(ioFailed(directory, error) as Error),
  );
}

async function link(blob: string, entry: string): Promise<void> {
  try {
    await rm(entry, { force: true });
    await symlink(path.relative(path.dirname(entry), blob), entry);
  } catch (error) {
    // Another process was faster.
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return;
    // Windows lets only some users make links.
    await copyFile(blob, entry).catch((reason: unknown) =>
      Promise.reject(ioFailed(entry, reason) as Error),
    );
  }
}
