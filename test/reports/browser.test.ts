import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { chromium, type Browser, type Page } from "playwright-core";
import { describeData } from "../../lib/data/description/describe-data.js";
import { describePredictions } from "../../lib/evaluation/predictions-description.js";
import { edaPage } from "../../lib/reports/eda-page.js";
import { compareRuns } from "../../lib/reports/runs/compare-runs.js";
import { runsPage } from "../../lib/reports/runs-page.js";
import { tinyPairs } from "../support/tiny-model.js";
import { temporaryDirectory } from "../data/files.js";
import { findBrowser } from "./browser.js";
import { writeCrossValidation, writePretraining, writeRun } from "./run-files.js";
import { hostile, specimen } from "./specimen.js";

const { directory } = temporaryDirectory();
const inPage = readFileSync("test/reports/in-page.js", "utf8").replace(/^\/\/.*$/m, "");
const at = (name: string) => path.join(directory, name);

type Chart = {
  title: string;
  shown: number;
  named: string;
  width: number;
  height: number;
  fontSize: number;
  labels: string[];
  cut: string[];
  overlaps: string[];
};

const pages: Readonly<Record<string, () => Promise<string>>> = { specimen, eda, runs };

const found = findBrowser();
let browser: Browser | undefined;
let problems: string[] = [];

beforeAll(async () => {
  if (found) browser = await chromium.launch(found);
  for (const [name, make] of Object.entries(pages)) {
    writeFileSync(at(`${name}.html`), await make());
  }
});

afterAll(() => browser?.close());

/** A page of data with hostile sentences and sources, and of predictions for it. */
async function eda(): Promise<string> {
  const file = at("자료.csv");
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
  const rows = tinyPairs(120).map(({ pair, label }, i) => {
    const [source, first] = [hostile[i % 9] ?? "청원", hostile[i % 31] ?? pair[0]];
    return [i, ...[source, first, pair[1]].map(quoted), label, Number(label >= 2.5)].join(",");
  });
  writeFileSync(file, `id,source,sentence1,sentence2,label,binary-label\n${rows.join("\n")}\n`);
  const data = await describeData([file]);
  const pairs = tinyPairs(120).map(({ pair, label }, i) => ({
    ...{ id: String(i), line: i + 2, label, source: hostile[i % 9] ?? "청원" },
    ...{ sentence1: pair[0], sentence2: pair[1] },
  }));
  const predicted = pairs.map(({ label }, i) => label * 0.8 + Math.sin(i));
  return edaPage(data, describePredictions(pairs, predicted, { path: "p.csv", data: file }));
}

async function runs(): Promise<string> {
  const predictions = Array.from({ length: 60 }, (_, i) => (i % 20) / 4);
  const all = [
    writeRun(at("runs/가"), { predictions }),
    writeRun(at(`runs/${hostile[2]!}`), {
      quality: 0.5,
      settings: { loss: hostile[0]! },
      predictions,
    }),
    writeRun(at("runs/unfinished"), { summary: null }),
    writeCrossValidation(at("runs/cv"), [0.3, 0.5, 0.7]),
    writePretraining(at("runs/pretrained")),
  ];
  return runsPage(await compareRuns(all));
}

/** Opens a page without a network, and keeps all that goes wrong on it in `problems`. */
async function open(started: Browser, name: string): Promise<Page> {
  const context = await started.newContext({ offline: true });
  const page = await context.newPage();
  const url = pathToFileURL(at(`${name}.html`)).href;
  page.on("console", (message) => problems.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => problems.push(`error: ${error.message}`));
  page.on("request", (request) => {
    if (request.url() !== url) problems.push(`request: ${request.url()}`);
  });
  page.on("dialog", (dialog) => {
    problems.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  await page.goto(url);
  return page;
}

/** What one of the functions of in-page.js finds. */
const ask = <T>(page: Page, question: string): Promise<T> =>
  page.evaluate<T>(`(${inPage.trim().replace(/;$/, "")}).${question}()`);

const widths = [390, 768, 1440];

describe.each(Object.keys(pages))("the page %s", (name) => {
  let page: Page | undefined;

  beforeAll(async () => {
    problems = [];
    if (browser) page = await open(browser, name);
  });

  const look = (what: string, test: (page: Page) => Promise<void>) =>
    (found ? it : it.skip)(what, async () => {
      await test(page!);
      expect(problems).toEqual([]);
    });

  look("shows texts and obeys none, loads nothing and runs nothing", async (page) => {
    expect(await ask(page, "actors")).toEqual([]);
    const text = await ask<string>(page, "text");
    expect(text).toContain(hostile[name === "runs" ? 2 : 1]);
    expect(text).toMatch(/[가-힣]/);
  });

  look("has charts that are seen whole at every width", async (page) => {
    for (const width of widths) {
      await page.setViewportSize({ width, height: 900 });
      const charts = await ask<Chart[]>(page, "charts");
      expect(charts.length).toBeGreaterThan(4);
      for (const { title, shown, named, cut, overlaps, labels, ...size } of charts) {
        expect({ width, title, shown, named, cut, overlaps }).toEqual({
          ...{ width, title, shown: 1, named: title, cut: [], overlaps: [] },
        });
        expect(labels.length).toBeGreaterThan(3);
        expect(size.width).toBeGreaterThan(250);
        expect(size.height).toBeGreaterThan(80);
        expect(size.fontSize).toBeGreaterThan(9);
      }
    }
  });

  look("is never wider than the window, whatever is unfolded", async (page) => {
    await page.locator("summary").evaluateAll("(all) => all.forEach((one) => one.click())");
    for (const width of widths) {
      await page.setViewportSize({ width, height: 900 });
      expect({ width, overflow: await ask(page, "overflow") }).toEqual({ width, overflow: 0 });
    }
  });

  look("is read in light and in dark", async (page) => {
    type Contrast = { background: number; checked: number; low: object[] };
    const background: number[] = [];
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      const found = await ask<Contrast>(page, "contrast");
      expect(found.checked).toBeGreaterThan(50);
      expect(found.low).toEqual([]);
      background.push(found.background);
    }
    expect(background[0]).toBeGreaterThan(0.8);
    expect(background[1]).toBeLessThan(0.05);
  });
});
