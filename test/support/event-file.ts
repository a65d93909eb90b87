import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { maskedCrc32c } from "../../lib/tracking/tfrecord.js";

/** What an event file tells under a tag, as far as tests ask. */
export type ReadValue = {
  tag: string;
  scalar?: number;
  histogram?: { min: number; max: number; count: number; edges: number[]; counts: number[] };
  text?: string;
};

export type ReadEvent = { wallTime: number; step: number; values: ReadValue[] };

/** The event file of a run. */
export function eventFileOf(run: string): string {
  const names = readdirSync(run).filter((name) => name.includes("tfevents"));
  expect(names).toHaveLength(1);
  return path.join(run, names[0]!);
}

/** The events of a file, whose records must all be whole. */
export const readEvents = (file: string): ReadEvent[] => recordsIn(readFileSync(file)).map(eventOf);

/** The values of a tag by step. */
export const curveOf = (events: readonly ReadEvent[], tag: string): [step: number, ReadValue][] =>
  events.flatMap(({ step, values }) =>
    values
      .filter((value) => value.tag === tag)
      .map((value) => [step, value] as [number, ReadValue]),
  );

export function recordsIn(bytes: Buffer): Buffer[] {
  const records: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    const length = Number(bytes.readBigUInt64LE(at));
    expect(bytes.readUInt32LE(at + 8)).toBe(maskedCrc32c(bytes.subarray(at, at + 8)));
    const data = bytes.subarray(at + 12, at + 12 + length);
    expect(bytes.readUInt32LE(at + 12 + length)).toBe(maskedCrc32c(data));
    records.push(data);
    at += length + 16;
  }
  return records;
}

function eventOf(data: Buffer): ReadEvent {
  const event = fieldsOf(data);
  const summary = event.get(5)?.[0];
  return {
    wallTime: doublesIn(event.get(1)?.[0])[0]!,
    step: numberIn(event.get(2)?.[0]),
    values: summary ? (fieldsOf(summary).get(1) ?? []).map(valueOf) : [],
  };
}

function valueOf(data: Buffer): ReadValue {
  const value = fieldsOf(data);
  const tag = value.get(1)![0]!.toString();
  const [scalar, histogram, tensor] = [2, 5, 8].map((number) => value.get(number)?.[0]);
  const text = tensor && fieldsOf(tensor).get(8)?.[0];
  return {
    tag,
    ...(scalar && { scalar: scalar.readFloatLE() }),
    ...(histogram && { histogram: histogramOf(fieldsOf(histogram)) }),
    ...(text && { text: text.toString() }),
  };
}

const histogramOf = (fields: Map<number, Buffer[]>) => ({
  min: doublesIn(fields.get(1)?.[0])[0] ?? 0,
  max: doublesIn(fields.get(2)?.[0])[0] ?? 0,
  count: doublesIn(fields.get(3)?.[0])[0] ?? 0,
  edges: doublesIn(fields.get(6)?.[0]),
  counts: doublesIn(fields.get(7)?.[0]),
});

/** The bytes of each field of a message, by its number. */
function fieldsOf(data: Buffer): Map<number, Buffer[]> {
  const fields = new Map<number, Buffer[]>();
  let at = 0;
  const varint = () => {
    const from = at;
    while (data[at]! >= 128) at++;
    return data.subarray(from, ++at);
  };
  while (at < data.length) {
    const key = numberIn(varint());
    const bytes = ((type: number) => {
      if (type === 0) return varint();
      const length = type === 2 ? numberIn(varint()) : type === 1 ? 8 : 4;
      return data.subarray(at, (at += length));
    })(key % 8);
    const number = Math.floor(key / 8);
    fields.set(number, [...(fields.get(number) ?? []), bytes]);
  }
  return fields;
}

const numberIn = (varint: Buffer | undefined): number =>
  [...(varint ?? [])].reduce((sum, byte, i) => sum + (byte % 128) * 128 ** i, 0);

const doublesIn = (bytes: Buffer | undefined): number[] =>
  Array.from({ length: (bytes?.length ?? 0) / 8 }, (_, i) => bytes!.readDoubleLE(i * 8));
