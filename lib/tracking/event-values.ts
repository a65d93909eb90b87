import type { EventValue } from "./event.js";
import type { Histogram } from "./histogram.js";
import { chosen, field } from "./protobuf.js";

// The forms are those that PyTorch's SummaryWriter writes, so that whatever reads its files reads
// ours. The messages are those of summary.proto, histogram.proto, tensor.proto and
// tensor_shape.proto in tensorflow/core/framework, and of tensorboard/plugins/hparams.

/** A number, which is rounded to float32. */
export const scalarValue = (tag: string, value: number): EventValue =>
  Buffer.concat([field.text(1, tag), chosen.float(2, value)]);

/**
 * The message has upper borders only: an empty interval before the first that is not empty tells
 * where that begins. Readers want no others at the ends.
 */
export function histogramValue(tag: string, histogram: Histogram): EventValue {
  const { min, max, count, sum, sumOfSquares, edges, counts } = histogram;
  const first = counts.findIndex((each) => each > 0);
  const last = counts.findLastIndex((each) => each > 0);
  return Buffer.concat([
    field.text(1, tag),
    field.message(
      5,
      field.double(1, min),
      field.double(2, max),
      field.double(3, count),
      field.double(4, sum),
      field.double(5, sumOfSquares),
      field.doubles(6, edges.slice(first, last + 2)),
      field.doubles(7, [0, ...counts.slice(first, last + 1)]),
    ),
  ]);
}

/** @param markdown is shown as formatted text */
export const textValue = (tag: string, markdown: string): EventValue =>
  Buffer.concat([
    field.text(1, tag),
    field.message(8, field.integer(1, 7), field.message(2), chosen.text(8, markdown)),
    metadata("text"),
  ]);

/** What a run was set to, for the table that compares runs. What is no number or text is JSON. */
export const hyperparametersValue = (settings: Readonly<Record<string, unknown>>): EventValue =>
  Buffer.concat([
    field.text(1, "_hparams_/session_start_info"),
    field.message(8, field.integer(1, 1), field.message(2, field.message(2))),
    metadata("hparams", field.message(3, ...Object.entries(settings).map(hyperparameter))),
  ]);

const hyperparameter = ([name, value]: [string, unknown]): Uint8Array =>
  field.message(1, field.text(1, name), field.message(2, settingValue(value)));

function settingValue(value: unknown): Uint8Array {
  if (typeof value === "number") return chosen.double(2, value);
  if (typeof value === "boolean") return chosen.integer(4, Number(value));
  return chosen.text(3, typeof value === "string" ? value : JSON.stringify(value));
}

/** Which of TensorBoard's plugins shows a value, and what it wants to know. */
const metadata = (plugin: string, ...content: readonly Uint8Array[]): Uint8Array =>
  field.message(
    9,
    field.message(1, field.text(1, plugin), ...content.map((each) => field.message(2, each))),
  );
