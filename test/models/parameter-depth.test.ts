import { parameterDepths } from "../../lib/models/parameter-depth.js";
import { SequenceModel } from "../../lib/models/sequence-model.js";
import { fixture } from "../support/fixtures.js";

const depth = (names: string[]) => Object.fromEntries(parameterDepths(names));

it("counts from the embeddings over the layers to the head", () => {
  expect(
    depth([
      "bert.embeddings.word_embeddings.weight",
      "bert.embeddings.LayerNorm.bias",
      "bert.encoder.layer.0.output.dense.weight",
      "bert.encoder.layer.11.attention.self.query.weight",
      "bert.pooler.dense.weight",
      "classifier.weight",
    ]),
  ).toEqual({
    "bert.embeddings.word_embeddings.weight": { depth: 0, layers: 12 },
    "bert.embeddings.LayerNorm.bias": { depth: 0, layers: 12 },
    "bert.encoder.layer.0.output.dense.weight": { depth: 1, layers: 12 },
    "bert.encoder.layer.11.attention.self.query.weight": { depth: 12, layers: 12 },
    "bert.pooler.dense.weight": { depth: 13, layers: 12 },
    "classifier.weight": { depth: 13, layers: 12 },
  });
});

it("ELECTRA's projection belongs to the embeddings, and names without a prefix are understood", () => {
  expect(
    depth(["embeddings_project.weight", "embeddings.x.weight", "encoder.layer.1.x", "pooling.x"]),
  ).toEqual({
    "embeddings_project.weight": { depth: 0, layers: 2 },
    "embeddings.x.weight": { depth: 0, layers: 2 },
    "encoder.layer.1.x": { depth: 2, layers: 2 },
    "pooling.x": { depth: 3, layers: 2 },
  });
});

it("each member of an ensemble has its own depth, and what joins them has none", () => {
  expect(
    depth([
      "stacking.weight",
      "members.0.bert.embeddings.x",
      "members.0.bert.encoder.layer.1.x",
      "members.10.electra.encoder.layer.11.x",
      "members.10.classifier.dense.weight",
      "members.2.members.1.roberta.encoder.layer.2.x",
      "members.2.members.1.roberta.embeddings.x",
    ]),
  ).toEqual({
    "stacking.weight": { depth: 1, layers: 0 },
    "members.0.bert.embeddings.x": { depth: 0, layers: 2 },
    "members.0.bert.encoder.layer.1.x": { depth: 2, layers: 2 },
    "members.10.electra.encoder.layer.11.x": { depth: 12, layers: 12 },
    "members.10.classifier.dense.weight": { depth: 13, layers: 12 },
    "members.2.members.1.roberta.encoder.layer.2.x": { depth: 3, layers: 3 },
    "members.2.members.1.roberta.embeddings.x": { depth: 0, layers: 3 },
  });
});

it.each(["bert", "roberta", "electra", "electra-small", "xlm-roberta"])(
  "every parameter of %s has a depth of its own kind",
  async (family) => {
    using model = await SequenceModel.load(fixture("encoders", family));
    const counts = new Map<number, number>();
    for (const { depth, layers } of parameterDepths([...model.parameters.keys()]).values()) {
      expect(layers).toBe(2);
      counts.set(depth, (counts.get(depth) ?? 0) + 1);
    }
    const embeddings = family === "electra-small" ? 7 : 5;
    expect(Object.fromEntries(counts)).toEqual({ 0: embeddings, 1: 16, 2: 16, 3: 4 });
  },
);
