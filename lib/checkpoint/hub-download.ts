import { createHash } from "node:crypto";
import { open, writeFile } from "node:fs/promises";
import path from "node:path";
import { listFiles, modelInfo } from "@huggingface/hub";

import { StsError } from "../foundation/errors.js";
import { CachedModel } from "./hub-cache.js";
import { HubClient } from "./hub-client.js";
import { modelFiles } from "./hub-files.js";
import type { DownloadProgress, ResolveOptions } from "./hub.js";
import { moduleListFile, readModuleList } from "./module-list.js";
import { readShardIndex } from "./shard-index.js";

/** A file of a repository as it is at one commit. */
type RemoteFile = {
  commit: string;
  name: string;
  /** Names the contents in the cache. */
  hash: string;
  /** Of the contents, where the hub knows it: of large files only. */
  sha256: string | undefined;
  /** In bytes. */
  size: number;
};

/**
 * The snapshot of a model in the cache, downloaded as far as it is not there.
 * @param id a hub id that has been checked
 */
export async function fetchModel(
  id: string,
  { revision, onProgress, signal }: ResolveOptions & { revision: string },
): Promise<string> {
  const cached = new CachedModel(id);
  if (isOffline()) return (await cached.find(revision)) ?? absentOffline(id, revision, cached);
  const client = new HubClient(id, revision, signal);
  try {
    return await downloadModel(client, cached, onProgress);
  } catch (error) {
    const { code } = error as StsError;
    const fallback =
      code === "HUB_FAILED" || code === "NOT_FOUND" ? await cached.find(revision) : undefined;
    if (fallback !== undefined) return fallback;
    throw error;
  }
}

function isOffline(): boolean {
  return /^(1|on|yes|true)$/i.test(process.env.HF_HUB_OFFLINE ?? "");
}

function absentOffline(id: string, revision: string, cached: CachedModel): never {
  throw new StsError(
    "NOT_FOUND",
    `${id}: there is no such directory, and the cache has no complete copy of this model (revision ${revision}; looked in ${cached.root}). HF_HUB_OFFLINE is set: unset it to download the model.`,
  );
}

async function downloadModel(
  client: HubClient,
  cached: CachedModel,
  onProgress: ResolveOptions["onProgress"],
): Promise<string> {
  const { commit, files } = await describeRepository(client);
  const download = async (name: string): Promise<void> => {
    const file = files.get(name);
    if (file === undefined) throw lacks(client, name);
    await cached.add(file, (temporary) => downloadFile(client, file, temporary, onProgress));
  };
  const downloadPresent = async (names: readonly string[]): Promise<void> => {
    for (const name of names) if (files.has(name)) await download(name);
  };
  const snapshot = cached.snapshot(commit);
  await downloadPresent([moduleListFile]);
  const { encoder, config, ...needed } = modelFiles(await readModuleList(snapshot));
  const weights = needed.weights.find((name) => files.has(name));
  if (weights === undefined) throw lacks(client, needed.weights.join(", "));
  if (!files.has(config)) throw lacks(client, config);

  // The encoder's weights last: a snapshot that has them is taken for complete.
  await downloadPresent([config, ...needed.others]);
  await download(weights);
  if (weights.endsWith(".index.json")) {
    const index = path.basename(weights);
    const shards = await readShardIndex(path.join(snapshot, encoder), index);
    for (const shard of shards.keys()) {
      await download(path.posix.join(encoder, path.basename(shard)));
    }
  }
  await cached.setRevision(client.revision, commit);
  return snapshot;
}

function lacks(client: HubClient, names: string): StsError {
  return new StsError(
    "NOT_FOUND",
    `${client.id}: the repository on ${client.host} (revision ${client.revision}) has no ${names}; expected a BERT, RoBERTa, XLM-RoBERTa or ELECTRA model with PyTorch weights.`,
  );
}

/** What a commit or a hash becomes part of is a path, so nothing else is accepted. */
const hexadecimal = /^[0-9a-f]{40,64}$/;

async function describeRepository(
  client: HubClient,
): Promise<{ commit: string; files: Map<string, RemoteFile> }> {
  const { endpoint: hubUrl, id, revision, fetch } = client;
  try {
    const info = await modelInfo({ name: id, revision, hubUrl, fetch, additionalFields: ["sha"] });
    const commit = requireHexadecimal(info.sha);
    const repo = { type: "model", name: id } as const;
    const files = new Map<string, RemoteFile>();
    for await (const entry of listFiles({ repo, revision: commit, hubUrl, fetch })) {
      if (entry.type !== "file") continue;
      const { path: name, lfs } = entry;
      const hash = requireHexadecimal(lfs?.oid ?? entry.oid);
      files.set(name, { commit, name, hash, sha256: lfs?.oid, size: lfs?.size ?? entry.size });
    }
    return { commit, files };
  } catch (error) {
    // fetch gives the cause of a lost connection; what is left has no answer that makes sense.
    if (client.signal?.aborted || (error as Error).cause !== undefined) {
      throw client.unreachable(error);
    }
    if (error instanceof StsError) throw error;
    throw client.failed("does not answer as a model hub does; check HF_ENDPOINT.", error);
  }
}

function requireHexadecimal(value: unknown): string {
  if (typeof value === "string" && hexadecimal.test(value)) return value;
  throw new TypeError("expected a commit or a hash");
}

async function downloadFile(
  client: HubClient,
  file: RemoteFile,
  temporary: string,
  onProgress: ((progress: DownloadProgress) => void) | undefined,
): Promise<void> {
  const { commit, name } = file;
  const response = await client.fetch(`${client.endpoint}/${client.id}/resolve/${commit}/${name}`);
  const handle = await open(temporary, "wx");
  try {
    await writeFile(handle, checked(client, file, response, onProgress));
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** The contents as they arrive; throws if they break off or are not what the hub described. */
async function* checked(
  client: HubClient,
  { name, size, sha256 }: RemoteFile,
  response: Response,
  onProgress: ((progress: DownloadProgress) => void) | undefined,
): AsyncGenerator<Uint8Array> {
  const hash = createHash("sha256");
  let loaded = 0;
  onProgress?.({ file: name, loaded, total: size });
  for await (const chunk of received(client, name, response)) {
    hash.update(chunk);
    loaded += chunk.length;
    if (loaded > size) break;
    onProgress?.({ file: name, loaded, total: size });
    yield chunk;
  }
  if (loaded !== size) {
    const came = loaded > size ? "more" : `only ${loaded}`;
    throw client.failed(`announced ${size} bytes of ${name}, but ${came} came. Try again.`);
  }
  if (sha256 !== undefined && hash.digest("hex") !== sha256) {
    throw client.failed(`sent a damaged ${name}: its checksum is wrong. Try again.`);
  }
}

async function* received(
  client: HubClient,
  name: string,
  { body }: Response,
): AsyncGenerator<Uint8Array> {
  if (body === null) return;
  try {
    yield* body as ReadableStream<Uint8Array> & AsyncIterable<Uint8Array>;
  } catch (error) {
    if (client.signal?.aborted) throw client.unreachable(error);
    throw client.failed(`broke off the download of ${name}. Try again.`, error);
  }
}
