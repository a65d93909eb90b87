import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { poolingNames } from "../pooling/registry.js";

const familyHeadSchema = z.strictObject({
  /** What the family's transformers class has. */
  type: z.literal("family"),
  pooling: z.enum(poolingNames).default("cls"),
});

const tokenHeadSchema = z.strictObject({
  /** Blocks over every token's vector. */
  type: z.literal("tokens"),
  /** Sizes of the blocks. */
  widths: z.array(z.int().positive()).min(1),
  dropout: z.number().min(0).lt(1).default(0.2),
  activation: z.enum(["tanh", "gelu", "relu"]).default("tanh"),
  readout: z.enum(["mean", "flatten"]).default("mean"),
  /** Tokens of the flattened input; the model's maximum length when left out. */
  length: z.int().positive().exactOptional(),
});

/** What stands on the encoder of a cross-encoder. */
export const headConfigSchema = z.discriminatedUnion("type", [familyHeadSchema, tokenHeadSchema]);

export type HeadConfig = z.output<typeof headConfigSchema>;
export type TokenHeadConfig = Omit<z.output<typeof tokenHeadSchema>, "length"> & {
  length: number;
};

/** Whether two heads have the same weights and do the same with them outside training. */
export const isSameHead = (one: HeadConfig, other: HeadConfig): boolean =>
  isDeepStrictEqual({ ...one, dropout: 0 }, { ...other, dropout: 0 });

/** A token head of tanh blocks with a dropout of 0.2, read out by the mean. */
const tokens = (...widths: number[]): HeadConfig =>
  tokenHeadSchema.parse({ type: "tokens", widths });

/**
 * Heads by name. Layer1 to Layer3 are those that won in the reference: on a hidden size of 768 the
 * first two, on 1024 the third.
 */
export const namedHeads = {
  family: { type: "family", pooling: "cls" },
  layer1: tokens(384),
  layer2: tokens(512, 256),
  layer3: tokens(512, 256),
} satisfies Record<string, HeadConfig>;

export type HeadName = keyof typeof namedHeads;
export const headNames = Object.keys(namedHeads) as [HeadName, ...HeadName[]];
