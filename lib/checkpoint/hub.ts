import { stat } from "node:fs/promises";
import path from "node:path";

import { invalidArgument, StsError } from "../foundation/errors.js";

/** How far the download of one file has come, in bytes. */
export type DownloadProgress = { file: string; loaded: number; total: number };

export type ResolveOptions = {
  /** A branch, tag or commit of a model on the hub, `main` when left out; directories have none. */
  revision?: string | undefined;
  /** Called when a download starts and whenever bytes arrive; never for what is in the cache. */
  onProgress?: ((progress: DownloadProgress) => void) | undefined;
  signal?: AbortSignal | undefined;
};

/** `organisation/name` or `name`. Two hyphens are what the cache puts in place of the slash. */
const hubId = /^(?!.*(--|\.\.))\w[\w.-]*(\/\w[\w.-]*)?$/;
const revisionName = /^(?!.*(\.\.|\/\/))\w[\w./-]*$/;

/**
 * The directory of a model. A directory is returned as it is, without a look at the network;
 * anything else is the id of a model on the Hugging Face hub, such as `klue/roberta-small`. That is
 * downloaded, as far as sts-native needs it, into the cache that Python's libraries use too. Where
 * the hub cannot be asked and the cache has the model, the cache's is taken.
 *
 * The environment variables are those of Python's `huggingface_hub`: `HF_HOME`, `HF_HUB_CACHE`,
 * `HF_ENDPOINT`, `HF_TOKEN` and `HF_HUB_OFFLINE`.
 *
 * @returns for a model of the hub, its snapshot in the cache
 * @throws StsError NOT_FOUND, HUB_FAILED (refused, unreachable, broken off), IO_FAILED (the cache
 *   cannot be written), INVALID_ARGUMENT, ABORTED
 */
export async function resolveModel(
  nameOrPath: string,
  options: ResolveOptions = {},
): Promise<string> {
  const found = await stat(nameOrPath).catch(() => undefined);
  if (found?.isDirectory()) return nameOrPath;
  if (found !== undefined || looksLikePath(nameOrPath)) {
    const problem = found === undefined ? "there is no such directory" : "this is a file";
    throw new StsError(
      "NOT_FOUND",
      `${nameOrPath}: ${problem}; expected the directory of a model, or the id of one on the Hugging Face hub, such as klue/roberta-small.`,
    );
  }
  if (!hubId.test(nameOrPath)) {
    throw invalidArgument(
      "model",
      "a directory, or the id of a model on the Hugging Face hub such as klue/roberta-small",
      nameOrPath,
    );
  }
  const revision = options.revision ?? "main";
  if (!revisionName.test(revision)) {
    throw invalidArgument("revision", "a branch, a tag or a commit", revision);
  }
  // The hub's client takes longer to load than all else; most models are directories.
  const { fetchModel } = await import("./hub-download.js");
  return fetchModel(nameOrPath, { ...options, revision });
}

function looksLikePath(name: string): boolean {
  return /^[./~]|\\|\/.*\/|\/$/.test(name) || path.isAbsolute(name);
}
