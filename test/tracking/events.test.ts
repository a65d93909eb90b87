import { readFileSync } from "node:fs";
import { encodeEvent, encodeVersion, type EventValue } from "../../lib/tracking/event.js";
import {
  histogramValue,
  hyperparametersValue,
  scalarValue,
  textValue,
} from "../../lib/tracking/event-values.js";
import { histogramOf } from "../../lib/tracking/histogram.js";
import { encodeRecord } from "../../lib/tracking/tfrecord.js";
import { recordsIn } from "../support/event-file.js";
import { fixture, readJson } from "../support/fixtures.js";

type Told = { tag: string } & (
  | { scalar: number }
  | { histogram: number[] }
  | { text: string }
  | { hyperparameters: Record<string, unknown> }
);

const events = readJson<{ wallTime: number; step: number; values: Told[] }[]>(
  fixture("tracking/events.json"),
);
const expected = readFileSync(fixture("tracking/events.tfevents"));

function encode(value: Told): EventValue {
  if ("scalar" in value) return scalarValue(value.tag, value.scalar);
  if ("histogram" in value) return histogramValue(value.tag, histogramOf(value.histogram)!);
  if ("text" in value) return textValue(value.tag, value.text);
  return hyperparametersValue(value.hyperparameters);
}

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");

const encoded = events.map((event) => encodeEvent({ ...event, values: event.values.map(encode) }));

it.each(events.map(({ step }, i) => [step, i] as const))(
  "an event at step %i is TensorBoard's, byte for byte",
  (_, i) => {
    expect(hex(encoded[i]!)).toBe(hex(recordsIn(expected)[i + 1]!));
  },
);

it("a whole file is TensorBoard's, byte for byte", () => {
  const records = [encodeVersion(1700000000), ...encoded].map(encodeRecord);
  expect(Buffer.concat(records).equals(expected)).toBe(true);
});

it.each([Infinity, -Infinity, NaN])("the number %d is told as it is", (value) => {
  const bytes = Buffer.from(scalarValue("x", value));
  expect(bytes.readFloatLE(bytes.length - 4)).toBe(value);
});
