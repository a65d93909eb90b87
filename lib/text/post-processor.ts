import { z } from "zod";

import { corrupt, readPart, unsupported } from "./tokenizer-json.js";

/** A place in the assembled input: a whole sentence, or special tokens. */
export type TemplatePart =
  | { readonly sentence: 0 | 1; readonly typeId: number }
  | { readonly ids: readonly number[]; readonly typeId: number };

export interface Template {
  readonly parts: readonly TemplatePart[];
  /** How many tokens the template adds to the sentences. */
  readonly specialTokens: number;
}

export interface Templates {
  readonly single: Template;
  readonly pair: Template;
}

const id = z.int().min(0).max(0x7fffffff);
const typeId = z.int().min(0).max(0x7fffffff).default(0);
const named = z.tuple([z.string(), id]);
const typed = z.looseObject({ type: z.string() });
const item = z.union([
  z.object({ Sequence: z.object({ id: z.enum(["A", "B"]), type_id: typeId }) }),
  z.object({ SpecialToken: z.object({ id: z.string(), type_id: typeId }) }),
]);
const templateSchema = z.looseObject({
  single: z.array(item),
  pair: z.array(item),
  special_tokens: z.record(z.string(), z.looseObject({ ids: z.array(id) })),
});

const first = { sentence: 0, typeId: 0 } as const;
const second = (typeId: number) => ({ sentence: 1, typeId }) as const;

/** Sentences one after the other, as `tokenizers` has them where nothing else is said. */
const bare: Templates = { single: template([first]), pair: template([first, second(1)]) };

/**
 * Where special tokens and type ids go, as the post_processor of tokenizer.json says.
 * @param where file and key, for messages
 * @throws StsError CHECKPOINT_CORRUPT, UNSUPPORTED_MODEL
 */
export function readTemplates(value: unknown, where: string): Templates {
  if (value === null || value === undefined) return bare;
  const config = readPart(typed, value, where);
  switch (config.type) {
    case "TemplateProcessing":
      return templateProcessing(config, where);
    case "BertProcessing":
    case "RobertaProcessing":
      return namedProcessing(config, where);
    case "ByteLevel":
      return bare;
    case "Sequence": {
      const { processors } = readPart(
        z.looseObject({ processors: z.array(z.unknown()) }),
        config,
        where,
      );
      const templates = processors
        .map((processor, index) => readTemplates(processor, `${where}.processors.${index}`))
        .filter((templates) => templates !== bare);
      if (templates.length < 2) return templates[0] ?? bare;
      throw unsupported(where, "a sequence of several templates", ["one"]);
    }
    default:
      throw unsupported(where, `the post-processor ${JSON.stringify(config.type)}`, [
        ...["TemplateProcessing", "BertProcessing", "RobertaProcessing", "ByteLevel", "Sequence"],
      ]);
  }
}

function templateProcessing(value: unknown, where: string): Templates {
  const config = readPart(templateSchema, value, where);
  const read = (kind: "single" | "pair", sentences: number[]): Template => {
    const parts = config[kind].map((part): TemplatePart => {
      if ("Sequence" in part) {
        return { sentence: part.Sequence.id === "A" ? 0 : 1, typeId: part.Sequence.type_id };
      }
      const token = part.SpecialToken.id;
      const ids = new Map(Object.entries(config.special_tokens)).get(token)?.ids;
      if (!ids)
        throw corrupt(`${where}.${kind}: ${JSON.stringify(token)} is not in special_tokens`);
      return { ids, typeId: part.SpecialToken.type_id };
    });
    const found = parts.flatMap((part) => ("sentence" in part ? [part.sentence] : []));
    if (found.sort().join() !== sentences.join()) {
      throw corrupt(`${where}.${kind}: expected each of its sentences once`);
    }
    return template(parts);
  };
  return { single: read("single", [0]), pair: read("pair", [0, 1]) };
}

function namedProcessing(value: unknown, where: string): Templates {
  const schema = z.looseObject({
    type: z.enum(["BertProcessing", "RobertaProcessing"]),
    cls: named,
    sep: named,
  });
  const config = readPart(schema, value, where);
  const special = (id: number, typeId: number) => ({ ids: [id], typeId });
  const head = [special(config.cls[1], 0), first, special(config.sep[1], 0)];
  const isBert = config.type === "BertProcessing";
  const tail = isBert
    ? [second(1), special(config.sep[1], 1)]
    : [special(config.sep[1], 0), second(0), special(config.sep[1], 0)];
  return { single: template(head), pair: template([...head, ...tail]) };
}

function template(parts: readonly TemplatePart[]): Template {
  const specialTokens = parts.reduce((n, part) => n + ("ids" in part ? part.ids.length : 0), 0);
  return { parts, specialTokens };
}
