import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** One model, as it is at one commit. */
export type Repository = { id: string; commit: string; files: Record<string, Buffer> };

/** From this size on a file is stored apart, as the hub does with large files. */
const large = 1000;

const isLarge = (bytes: Buffer) => bytes.length >= large;
const sha256 = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");
const gitHash = (bytes: Buffer) =>
  createHash("sha1").update(`blob ${bytes.length}\0`).update(bytes).digest("hex");

/** What the cache calls a file. */
export const hashOf = (bytes: Buffer): string => (isLarge(bytes) ? sha256(bytes) : gitHash(bytes));

/**
 * A model hub on this machine that speaks the protocol of huggingface.co: the description of a
 * revision, the pages of its file list, files, and the redirection of large files to storage on
 * another host.
 */
export class HubServer {
  readonly #hub: Server;
  readonly #storage: Server;
  /** Path and authorization of every request so far. */
  readonly requests: { path: string; authorization: string | undefined }[] = [];
  readonly storageRequests: IncomingMessage[] = [];
  /** Asked first; what is found here is the answer. */
  readonly misbehaviour = new Map<RegExp, Answer>();

  private constructor(public repository: Repository) {
    this.#hub = createServer((request, response) => this.#answer(request, response));
    this.#storage = createServer((request, response) => {
      this.storageRequests.push(request);
      if (this.#misbehaves(request, response)) return;
      response.end(
        Object.values(this.repository.files).find((b) => request.url?.endsWith(sha256(b))),
      );
    });
  }

  static async start(repository: Repository): Promise<HubServer> {
    const server = new HubServer(repository);
    for (const one of [server.#hub, server.#storage]) {
      await new Promise<void>((resolve) => one.listen(0, "127.0.0.1", resolve));
    }
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#hub.address() as AddressInfo).port}`;
  }

  get host(): string {
    return new URL(this.url).host;
  }

  /** The files that were asked for, in order. */
  get downloads(): string[] {
    const paths = this.requests.map(({ path }) => path);
    return paths.flatMap((path) => /\/resolve\/[0-9a-f]{40}\/(.*)$/.exec(path)?.[1] ?? []);
  }

  stop(): void {
    for (const server of [this.#hub, this.#storage]) {
      server.closeAllConnections();
      server.close();
    }
  }

  #misbehaves(request: IncomingMessage, response: ServerResponse): boolean {
    for (const [pattern, answer] of this.misbehaviour) {
      if (!pattern.test(request.url!)) continue;
      answer(request, response);
      return true;
    }
    return false;
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    this.requests.push({ path: request.url!, authorization: request.headers.authorization });
    if (this.#misbehaves(request, response)) return;
    const { id, commit, files } = this.repository;
    const url = new URL(request.url!, this.url);
    const file = files[url.pathname.replace(`/${id}/resolve/${commit}/`, "")];
    if ([commit, "main"].some((name) => url.pathname === `/api/models/${id}/revision/${name}`)) {
      json(response, 200, { _id: "1", id, sha: commit, lastModified: "2024-01-01T00:00:00.000Z" });
    } else if (url.pathname === `/api/models/${id}/tree/${commit}`) {
      this.#list(url, response);
    } else if (file === undefined) {
      const code = url.pathname.startsWith(`/api/models/${id}/`)
        ? "RevisionNotFound"
        : "RepoNotFound";
      response.setHeader("X-Error-Code", code);
      json(response, 404, { error: "Not Found" });
    } else if (isLarge(file)) {
      const { port } = this.#storage.address() as AddressInfo;
      response.setHeader("Location", `http://127.0.0.1:${port}/blobs/${sha256(file)}`);
      response.writeHead(302).end();
    } else {
      response.end(file);
    }
  }

  /** Two entries a page, to be asked for the next. */
  #list(url: URL, response: ServerResponse): void {
    const start = Number(url.searchParams.get("cursor") ?? 0);
    const entries = [
      { type: "directory", oid: "0".repeat(40), size: 0, path: "onnx" },
      ...Object.entries(this.repository.files).map(([path, bytes]) => ({
        type: "file",
        path,
        size: bytes.length,
        oid: gitHash(bytes),
        ...(isLarge(bytes)
          ? { lfs: { oid: sha256(bytes), size: bytes.length, pointerSize: 130 } }
          : {}),
      })),
    ];
    if (start + 2 < entries.length) {
      url.searchParams.set("cursor", String(start + 2));
      response.setHeader("Link", `<${url.href}>; rel="next"`);
    }
    json(response, 200, entries.slice(start, start + 2));
  }
}

export function json(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(value));
}

/** Sends the head and a part of the body, then cuts the connection. */
export const cutAfter =
  (bytes: number, of: Buffer): Answer =>
  (_, response) => {
    response.writeHead(200, { "Content-Length": of.length });
    response.write(of.subarray(0, bytes), () => setTimeout(() => response.destroy(), 20));
  };
