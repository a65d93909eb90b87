import { field } from "./protobuf.js";

// The messages and the numbers of their fields are those of tensorflow/core/util/event.proto and
// tensorflow/core/framework/summary.proto.

/** What an event tells under a tag: a `Summary.Value`. */
export type EventValue = Uint8Array;

export type Event = {
  /** Seconds since 1970. */
  wallTime: number;
  step: number;
  values: readonly EventValue[];
};

/** The first event of a file. */
export const encodeVersion = (wallTime: number): Uint8Array =>
  Buffer.concat([
    field.double(1, wallTime),
    field.text(3, "brain.Event:2"),
    field.message(10, field.text(1, "sts-native")),
  ]);

export const encodeEvent = ({ wallTime, step, values }: Event): Uint8Array =>
  Buffer.concat([
    field.double(1, wallTime),
    field.integer(2, step),
    field.message(5, ...values.map((value) => field.message(1, value))),
  ]);
