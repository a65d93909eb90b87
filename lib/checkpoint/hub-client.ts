import { StsError } from "../foundation/errors.js";
import { networkReason } from "../foundation/network-reason.js";

const publicHub = "https://huggingface.co";

/** Where the hub is asked, from `HF_ENDPOINT`, without a slash at the end. */
function hubEndpoint(): string {
  const endpoint = (process.env.HF_ENDPOINT?.trim() ?? "").replace(/\/+$/, "") || publicHub;
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  if (url !== undefined && /^https?:$/.test(url.protocol) && !url.username && !url.password) {
    return endpoint;
  }
  // Its value is not shown: it may hold a password.
  throw new StsError(
    "INVALID_ARGUMENT",
    `HF_ENDPOINT: expected the http or https URL of a hub, without user name and password; a secret belongs in HF_TOKEN. Unset it to use ${publicHub}.`,
  );
}

function accessToken(): string | undefined {
  const token = process.env.HF_TOKEN?.trim() ?? "";
  if (token === "") return undefined;
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  throw new StsError(
    "INVALID_ARGUMENT",
    "HF_TOKEN: expected an access token, letters and digits in one line; it has other characters.",
  );
}

/**
 * Asks the hub about one model, and says in plain words why that failed.
 *
 * Its `fetch` is given to the hub library, which by itself refuses tokens that are not from the
 * public hub and loses the reason when a download fails.
 */
export class HubClient {
  readonly endpoint = hubEndpoint();
  readonly host = new URL(this.endpoint).host;
  readonly #token = accessToken();

  constructor(
    readonly id: string,
    readonly revision: string,
    readonly signal?: AbortSignal,
  ) {}

  /** As the global `fetch`, but anything except success is an StsError. */
  readonly fetch: typeof fetch = async (input, init) => {
    const url = new URL(typeof input === "object" && "url" in input ? input.url : input);
    const headers = new Headers(init?.headers);
    if (this.#token !== undefined && url.origin === new URL(this.endpoint).origin) {
      headers.set("Authorization", `Bearer ${this.#token}`);
    }
    const signal = this.signal ?? null;
    const response = await fetch(url, { ...init, headers, signal }).catch((error: unknown) => {
      throw this.unreachable(error);
    });
    if (response.ok) return response;
    await response.body?.cancel().catch(() => undefined);
    throw this.#refused(response);
  };

  /** A request that ended without an answer, as an StsError. */
  unreachable(error: unknown): StsError {
    if (error instanceof StsError) return error;
    if (this.signal?.aborted) {
      return new StsError("ABORTED", `The download of ${this.id} was aborted.`, { cause: error });
    }
    return new StsError(
      "HUB_FAILED",
      `${this.id}: ${this.host} could not be reached (${networkReason(error)}). Check the network and HF_ENDPOINT and try again, or give the path of a model directory.`,
      { cause: error },
    );
  }

  failed(problem: string, cause?: unknown): StsError {
    return new StsError("HUB_FAILED", `${this.id}: ${this.host} ${problem}`, { cause });
  }

  #refused({ status, headers }: Response): StsError {
    const code = headers.get("X-Error-Code");
    if (status === 404) return this.#missing(code);
    if (status === 401 || status === 403) return this.failed(this.#denial(status, code));
    if (status === 429) {
      const seconds = /^\d+$/.exec(headers.get("Retry-After") ?? "")?.[0];
      const when = seconds === undefined ? "in some minutes" : `in ${seconds} seconds`;
      return this.failed(`has had too many requests (429). Try again ${when}.`);
    }
    if (status >= 500) return this.failed(`is out of order (${status}). Try again later.`);
    return this.failed(`answered with status ${status}, which sts-native does not expect.`);
  }

  #missing(code: string | null): StsError {
    const what =
      code === "RevisionNotFound"
        ? `${this.host} has this model, but not its revision ${this.revision}; check how it is written.`
        : `there is no such directory here, and no such model (revision ${this.revision}) on ${this.host}; check how it is written.`;
    return new StsError("NOT_FOUND", `${this.id}: ${what}`);
  }

  /** Without a token, the hub answers alike for a model that it hides and one that is not there. */
  #denial(status: number, code: string | null): string {
    const page = `${this.endpoint}/${this.id}`;
    if (this.#token !== undefined) {
      return `refuses the token in HF_TOKEN (${status}): it is not valid, or its account may not read this model. Check both; a gated model's conditions are to be accepted at ${page}.`;
    }
    if (code === "GatedRepo") {
      return `gives this model only to those who accept its conditions (${status}). Do that at ${page} and set HF_TOKEN to an access token.`;
    }
    return `does not give this model to everybody (${status}): it is private or gated, or does not exist. Check how it is written, and set HF_TOKEN to an access token that may read it.`;
  }
}
