/** Makes a cross-encoder with random weights of a directory with config.json and a tokenizer. */
import path from "node:path";
import { CrossEncoder, MaskedLanguageModel } from "../../../dist/index.js";

const { directory, model, seed } = JSON.parse(process.argv[2]);
const encoder = path.join(directory, "encoder");
const network = await MaskedLanguageModel.load(directory, { fromScratch: true, seed });
await network.save(encoder);
network.dispose();
const crossEncoder = await CrossEncoder.load(encoder, { seed });
await crossEncoder.save(model);
crossEncoder.dispose();
console.log("{}");
