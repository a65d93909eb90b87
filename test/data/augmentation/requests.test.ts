import { Pace } from "../../../lib/data/augmentation/pace.js";
import { Requests } from "../../../lib/data/augmentation/requests.js";
import type { Timing } from "../../../lib/data/augmentation/timing.js";
import { TemporaryFailure, type Translator } from "../../../lib/data/augmentation/translator.js";
import { StsError } from "../../../lib/foundation/errors.js";
import { VirtualTime } from "./translation-server.js";

const never = new AbortController().signal;
const languages = { from: "ko", to: "en" };

/** Fails in these ways, one after the other, then translates. */
const failing = (...failures: Error[]): Translator & { asked: number } => ({
  name: "failing",
  limits: { texts: 10, characters: 100 },
  asked: 0,
  translate(texts) {
    this.asked++;
    const failure = failures.shift();
    return failure ? Promise.reject(failure) : Promise.resolve([...texts]);
  },
});

const busy = (retryAfter?: number) => new TemporaryFailure("Busy (429).", retryAfter);
const run = (translator: Translator, timing: Timing, signal = never, retries = 5) =>
  new Requests(translator, { timing, retries, requestsPerSecond: 1000 }).translate(
    ["가"],
    languages,
    signal,
  );

it("waits exponentially longer, from a second to a minute, with jitter", async () => {
  const timing = new VirtualTime();
  const translator = failing(...Array.from({ length: 8 }, () => busy()));
  expect(await run(translator, timing, never, 8)).toEqual(["가"]);
  // Half by chance, which is 0.5 here.
  const waits = [1, 2, 4, 8, 16, 32, 60, 60].map((seconds) => seconds * 750);
  expect(timing.pauses).toEqual(waits);
});

it("gives up after the last retry, and says what was wrong", async () => {
  const translator = failing(busy(), busy(), busy());
  await expect(run(translator, new VirtualTime(), never, 2)).rejects.toMatchObject({
    code: "TRANSLATION_FAILED",
    message: "Busy (429). Gave up after 3 attempts.",
  });
  expect(translator.asked).toBe(3);
});

it("what is not temporary is the end at once", async () => {
  const translator = failing(new StsError("TRANSLATION_FAILED", "Wrong key."));
  await expect(run(translator, new VirtualTime())).rejects.toThrow("Wrong key.");
  expect(translator.asked).toBe(1);
});

it("waits for as long as the service asks, all requests alike", async () => {
  const timing = new VirtualTime();
  const begun: number[] = [];
  const inner = failing(busy(7000));
  const translator: Translator = {
    ...inner,
    translate(texts, languages) {
      begun.push(timing.now());
      return inner.translate(texts, languages);
    },
  };
  const requests = new Requests(translator, { timing, requestsPerSecond: 1 });
  const all = ["가", "나", "다"].map((text) => requests.translate([text], languages, never));
  expect(await Promise.all(all)).toEqual([["가"], ["나"], ["다"]]);
  expect(begun[0]).toBe(0);
  // One a second again, none before the seven seconds are over.
  expect(begun.slice(1)).toEqual([7000, 8000, 9000]);
});

it("does not sit out a wait of hours, such as until a quota is renewed", async () => {
  const translator = failing(busy(3_600_000));
  await expect(run(translator, new VirtualTime())).rejects.toThrow(
    "Busy (429). It asks to be left alone for 60 minutes; go on then.",
  );
  expect(translator.asked).toBe(1);
});

it("the signal ends a wait, and no request follows", async () => {
  const timing: Timing = { now: () => 0, random: () => 0.5, pause: forever };
  const controller = new AbortController();
  const translator = failing(busy());
  const work = run(translator, timing, controller.signal);
  setImmediate(() => controller.abort());
  await expect(work).rejects.toMatchObject({ code: "ABORTED" });
  expect(translator.asked).toBe(1);
});

const forever = (_: number, signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve());
  });

it("a translator that gives fewer translations than texts is refused", async () => {
  const translator: Translator = { ...failing(), translate: () => Promise.resolve([]) };
  await expect(run(translator, new VirtualTime())).rejects.toThrow("0 translations of 1 texts");
});

it("requests are evenly spread, however many ask at once", async () => {
  const timing = new VirtualTime();
  const pace = new Pace(4, timing);
  const times: number[] = [];
  const turn = async () => {
    await pace.turn(never);
    times.push(timing.now());
  };
  await Promise.all(Array.from({ length: 9 }, turn));
  expect(times).toEqual([0, 250, 500, 750, 1000, 1250, 1500, 1750, 2000]);
});

it.each([
  [{ requestsPerSecond: 0 }, /requestsPerSecond: expected a number above 0/],
  [{ requestsPerSecond: NaN }, /requestsPerSecond/],
  [{ retries: -1 }, /retries: expected an integer from 0/],
  [{ retries: 1.5 }, /retries/],
])("%j is refused", (options, message) => {
  expect(() => new Requests(failing(), options)).toThrow(message);
});
