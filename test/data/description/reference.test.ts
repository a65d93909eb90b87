import { existsSync } from "node:fs";
import path from "node:path";
import { describeData } from "../../../lib/data/description/describe-data.js";
import type {
  DataDescription,
  FileDescription,
} from "../../../lib/data/description/description.js";
import { loadTokenizer } from "../../../lib/models/load-tokenizer.js";
import { expectClose } from "../../support/close.js";
import { fixture, readJson } from "../../support/fixtures.js";

/** What scripts/fixtures/eda.py wrote, where bad rows are told by their lines alone. */
type Reference = Omit<DataDescription, "files"> & {
  files: (Omit<FileDescription, "badRows"> & { badLines: number[] })[];
};

const reference = (name: string) => readJson<Reference>(fixture("eda", name));

/** A description in the form of the reference. */
function toReference(description: DataDescription): Reference {
  const files = description.files.map(({ badRows, ...file }) => ({
    ...file,
    badLines: badRows.map(({ line }) => line),
  }));
  return { ...description, files };
}

test("files full of defects are described as pandas, scipy and transformers describe them", async () => {
  const expected = reference("data.json");
  const described = await describeData(
    expected.files.map((file) => file.path),
    { tokenizer: await loadTokenizer("models/mini"), maxLength: 10, examples: 3 },
  );
  expectClose(toReference(described), expected);
});

const korsts = path.join(process.cwd(), "..", "shared", "data", "korsts");
const present = existsSync(korsts);
if (!present) console.warn(`Skipped: the benchmark data is not at ${korsts}.`);

(present ? test : test.skip)("KorSTS is described as pandas describes it", async () => {
  const described = await describeData(
    ["train", "dev", "test"].map((part) => path.join(korsts, `sts-${part}.tsv`)),
    { tokenizer: await loadTokenizer("models/mini"), maxLength: 10, examples: 0 },
  );
  const text = JSON.stringify(toReference(described)).replaceAll(korsts, "korsts");
  expectClose(JSON.parse(text), reference("korsts.json"));
});
