import path from "node:path";
import { sentenceTransformersFile } from "../../checkpoint/hub-files.js";
import { moduleListFile } from "../../checkpoint/module-list.js";
import { saveSafetensors } from "../../checkpoint/tensors.js";
import { writeFileAtomically } from "../../foundation/atomic-file.js";
import type { EncoderConfig } from "../config.js";
import type { Parameters } from "../parameters.js";
import type { Layout } from "./layout.js";
import { makeDirectory } from "../../foundation/make-directory.js";

/** A module as it is saved: its Python class, and the files of its directory. */
type SavedModule = { name: string; config?: object; weights?: Parameters };

export type SavedLayout = Pick<Layout, "lowercase" | "normalize" | "config"> & {
  maxLength: number;
  pooling: Layout["pooling"]["name"];
  /** The pooling's own parameters, by their names in its module. */
  poolingParameters: Parameters;
  encoder: EncoderConfig;
};

/**
 * Writes everything but the encoder and its tokenizer, in the spelling that every version of
 * sentence-transformers reads.
 * @throws StsError `IO_FAILED`
 */
export async function writeLayout(directory: string, layout: SavedLayout): Promise<void> {
  const modules = savedModules(layout).map((module, i) => ({
    ...module,
    // The first module's files lie in the model's own directory.
    path: i === 0 ? "" : `${i}_${module.name}`,
  }));
  for (const { path: name, config, weights } of modules) {
    if (!config) continue;
    const place = path.join(directory, name);
    await makeDirectory(place);
    const file = name === "" ? "sentence_bert_config.json" : "config.json";
    await writeJson(path.join(place, file), config);
    if (weights) await saveSafetensors(path.join(place, "model.safetensors"), weights, {});
  }
  await writeJson(path.join(directory, sentenceTransformersFile), {
    prompts: {},
    default_prompt_name: null,
    ...layout.config,
    similarity_fn_name: "cosine",
  });
  const list = modules.map(({ name, path }, idx) => ({
    idx,
    name: String(idx),
    path,
    type: `sentence_transformers.models.${name}`,
  }));
  await writeJson(path.join(directory, moduleListFile), list);
}

function savedModules({ encoder, pooling, ...layout }: SavedLayout): SavedModule[] {
  const { hiddenSize, numHiddenLayers } = encoder;
  const dimension = { word_embedding_dimension: hiddenSize };
  const weightsLayers = pooling === "weighted-layers";
  const mode = weightsLayers ? "mean" : pooling;
  const modules: (SavedModule | false)[] = [
    {
      name: "Transformer",
      config: { max_seq_length: layout.maxLength, do_lower_case: layout.lowercase },
    },
    weightsLayers && {
      name: "WeightedLayerPooling",
      config: { ...dimension, layer_start: 0, num_hidden_layers: numHiddenLayers },
      weights: layout.poolingParameters,
    },
    {
      name: "Pooling",
      config: {
        ...dimension,
        pooling_mode_cls_token: mode === "cls",
        pooling_mode_mean_tokens: mode === "mean",
        pooling_mode_max_tokens: mode === "max",
        pooling_mode_mean_sqrt_len_tokens: false,
      },
    },
    layout.normalize && { name: "Normalize" },
  ];
  return modules.filter((module) => module !== false);
}

const writeJson = (file: string, value: object): Promise<void> =>
  writeFileAtomically(file, `${JSON.stringify(value, null, 2)}\n`);
