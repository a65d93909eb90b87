import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { EventFile } from "../../lib/tracking/event-file.js";
import { scalarValue, textValue } from "../../lib/tracking/event-values.js";
import { eventFileOf, readEvents } from "../support/event-file.js";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), "sts-events-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const open = (text = "first") =>
  new EventFile(directory, () => Promise.resolve([textValue("config", text)]));
const append = (file: EventFile, step: number) => file.append(step, [scalarValue("loss", step)]);
const stepsOf = () => readEvents(eventFileOf(directory)).map(({ step }) => step);

it("a file begins with its version and what is to be told at step 0, once, whoever continues it", async () => {
  const file = open();
  expect(readdirSync(directory)).toEqual([]);
  const before = Date.now() / 1000;
  await append(file, 1);
  await append(open("second"), 2);
  await append(file, 3);
  const [version, ...events] = readEvents(eventFileOf(directory));
  expect(version).toMatchObject({ step: 0, values: [] });
  expect(events.map(({ step, values }) => ({ step, values }))).toEqual([
    { step: 0, values: [{ tag: "config", text: "first" }] },
    { step: 1, values: [{ tag: "loss", scalar: 1 }] },
    { step: 2, values: [{ tag: "loss", scalar: 2 }] },
    { step: 3, values: [{ tag: "loss", scalar: 3 }] },
  ]);
  for (const { wallTime } of events) {
    expect(wallTime).toBeGreaterThanOrEqual(before);
    expect(wallTime).toBeLessThan(before + 60);
  }
  expect(path.basename(eventFileOf(directory))).toMatch(
    /^events\.out\.tfevents\.\d{10}\.sts-native$/,
  );
});

it("cut back to what was there at a save, also through a half-written record, it goes on whole", async () => {
  const file = open();
  expect(await file.sync()).toBe(0);
  expect(readdirSync(directory)).toEqual([]);
  await append(file, 1);
  const size = await file.sync();
  expect(size).toBe(statSync(eventFileOf(directory)).size);
  await append(file, 2);
  const bytes = readFileSync(eventFileOf(directory));
  writeFileSync(eventFileOf(directory), bytes.subarray(0, -5));
  const continued = open();
  await continued.rewind(size);
  await append(continued, 2);
  expect(stepsOf()).toEqual([0, 0, 1, 2]);
});

it.each([
  ["cut back to nothing", 0, () => undefined],
  ["empty", 0, () => writeFileSync(eventFileOf(directory), "")],
  ["shorter than at the save", 10_000, () => undefined],
  ["away", 10_000, () => rmSync(eventFileOf(directory))],
])("a file that is %s is begun anew", async (_, size, change) => {
  await append(open(), 1);
  change();
  const file = open("second");
  await file.rewind(size);
  await append(file, 7);
  expect(readEvents(eventFileOf(directory)).slice(1)).toMatchObject([
    { step: 0, values: [{ tag: "config", text: "second" }] },
    { step: 7 },
  ]);
});

it("other event files in the directory are let alone", async () => {
  const other = path.join(directory, "events.out.tfevents.1700000000.elsewhere");
  writeFileSync(other, "other");
  await append(open(), 1);
  await open().rewind(0);
  expect(readdirSync(directory)).toHaveLength(2);
  expect(readFileSync(other, "utf8")).toBe("other");
});

it("what cannot be written is said, with the path", async () => {
  const file = open();
  rmSync(directory, { recursive: true });
  await expect(append(file, 1)).rejects.toMatchObject({
    code: "IO_FAILED",
    message: expect.stringContaining(directory) as string,
  });
});
