import { outputsOf, type HeadOutput } from "../../losses/head-output.js";
import type { EncoderConfig } from "../config.js";
import type { Family } from "../families/family.js";
import { poolings } from "../pooling/registry.js";
import type { HeadConfig } from "./head-config.js";
import type { Head } from "./head.js";
import { tokenHead } from "./token-head.js";

/** @param maxLength tokens of a sequence at most, for a head that flattens */
export function createHead(
  head: HeadConfig,
  output: HeadOutput,
  family: Family,
  config: EncoderConfig,
  maxLength: number,
): Head {
  const outputs = outputsOf(output);
  if (head.type === "family") return family.head(config, poolings[head.pooling], outputs);
  return tokenHead(config, { ...head, length: head.length ?? maxLength }, outputs);
}
