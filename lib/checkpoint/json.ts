import { corrupt } from "./checkpoint-file.js";

export type JsonObject = Readonly<Record<string, unknown>>;

/** What a checkpoint of 100,000 tensors needs; keeps a hostile file from filling memory. */
const maxValues = 1_000_000;

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * Parses a JSON object that came with a checkpoint.
 * @param what what the bytes are, as an error message names it
 * @throws StsError CHECKPOINT_CORRUPT for invalid UTF-8 or JSON, anything but an object, a key that
 *   stands twice in one object, and more values than any checkpoint has
 */
export function parseJsonObject(path: string, what: string, bytes: Uint8Array): JsonObject {
  if (countSeparators(bytes) > maxValues) {
    throw corrupt(path, `${what} has more than ${maxValues} values`);
  }
  const text = decodeUtf8(path, what, bytes);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw corrupt(path, `${what} is not valid JSON (${(error as Error).message})`, error);
  }
  if (!isJsonObject(value)) throw corrupt(path, `${what} should be a JSON object`);
  const twice = findDuplicateKey(text);
  if (twice !== undefined) throw corrupt(path, `${what} has the key ${twice} twice`);
  return value;
}

function decodeUtf8(path: string, what: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    throw corrupt(path, `${what} is not valid UTF-8`, error);
  }
}

const separators = new Set(Buffer.from(",[{"));

function countSeparators(bytes: Uint8Array): number {
  let count = 0;
  for (const byte of bytes) if (separators.has(byte)) count++;
  return count;
}

/**
 * The first key that stands twice in one object, as it is written; JSON.parse silently takes the
 * last.
 * @param json text that JSON.parse accepts
 */
function findDuplicateKey(json: string): string | undefined {
  const keysOfOpen: Set<unknown>[] = [];
  for (let at = 0; at < json.length; at++) {
    const character = json[at];
    if (character === "{" || character === "[") keysOfOpen.push(new Set());
    else if (character === "}" || character === "]") keysOfOpen.pop();
    else if (character === '"') {
      const end = endOfString(json, at);
      if (isFollowedByColon(json, end)) {
        const written = json.slice(at, end);
        const key: unknown = JSON.parse(written);
        const keys = keysOfOpen.at(-1)!;
        if (keys.has(key)) return written;
        keys.add(key);
      }
      at = end - 1;
    }
  }
  return undefined;
}

function endOfString(json: string, start: number): number {
  let at = start + 1;
  while (json[at] !== '"') at += json[at] === "\\" ? 2 : 1;
  return at + 1;
}

function isFollowedByColon(json: string, from: number): boolean {
  const colon = /\s*:/y;
  colon.lastIndex = from;
  return colon.test(json);
}
