/**
 * The rows of the table: a name, what it shows, and the settings that differ from the baseline: a
 * RoBERTa cross-encoder with its family's head, mse, fp32.
 */
const sbert = { architecture: "sentence-encoder" };

export const techniques = [
  { name: "baseline", group: "loss", settings: {} },
  { name: "l1", group: "loss", settings: { loss: "l1" } },
  { name: "huber", group: "loss", settings: { loss: "huber" } },
  { name: "smooth-l1", group: "loss", settings: { loss: "smooth-l1" } },
  { name: "l1+huber", group: "loss", settings: { loss: "l1+huber" } },
  { name: "bce", group: "loss", settings: { loss: "bce" } },
  { name: "cross-entropy", group: "loss", settings: { loss: "cross-entropy" } },
  { name: "pearson", group: "loss", settings: { loss: "pearson" } },
  { name: "mse+pearson", group: "loss", settings: { loss: "0.7*mse + 0.3*pearson" } },
  { name: "mse+r-drop", group: "loss", settings: { loss: "mse + r-drop" } },

  { name: "pooling-mean", group: "head", settings: { pooling: "mean" } },
  { name: "pooling-max", group: "head", settings: { pooling: "max" } },
  { name: "pooling-weighted-layers", group: "head", settings: { pooling: "weighted-layers" } },
  { name: "layer1", group: "head", settings: { head: "layer1" } },
  { name: "layer2", group: "head", settings: { head: "layer2" } },
  {
    name: "layer1-flatten",
    group: "head",
    settings: { head: { type: "tokens", widths: [64], readout: "flatten" } },
  },

  { name: "freeze-1/4", group: "optimisation", settings: { freeze: "1/4" } },
  { name: "freeze-1/2", group: "optimisation", settings: { freeze: "1/2" } },
  { name: "layer-decay-0.8", group: "optimisation", settings: { layerDecay: 0.8 } },
  { name: "ema-0.99", group: "optimisation", settings: { average: "ema", emaDecay: 0.99 } },
  { name: "swa", group: "optimisation", settings: { average: "swa", swaStart: 0.5 } },
  {
    name: "gradient-checkpointing",
    group: "optimisation",
    settings: { gradientCheckpointing: true },
  },
  { name: "bf16", group: "optimisation", settings: { precision: "bf16" } },

  { name: "sbert-cosine-mse", group: "sbert", settings: sbert },
  { name: "sbert-cosent", group: "sbert", settings: { ...sbert, loss: "cosent" } },
  { name: "sbert-angle", group: "sbert", settings: { ...sbert, loss: "angle" } },
  { name: "sbert-contrastive", group: "sbert", settings: { ...sbert, loss: "contrastive" } },
  {
    name: "sbert-ranking",
    group: "sbert",
    settings: { ...sbert, loss: "multiple-negatives-ranking" },
  },

  { name: "voting-2", group: "ensemble", settings: { architecture: "voting" }, members: 2 },
  {
    name: "stacking-2",
    group: "ensemble",
    settings: { architecture: "stacking", freezeMembers: false },
    members: 2,
  },

  { name: "pretrained", group: "pre-training", settings: {}, pretrain: true },
  { name: "pretrained-sbert", group: "pre-training", settings: sbert, pretrain: true },
];
