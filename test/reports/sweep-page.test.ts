import { sweepPage } from "../../lib/reports/sweep-page.js";
import type { SweepSummary, TrialResult } from "../../lib/training/sweep/summary.js";

const trial = (number: number, pearson: number | null, change: Partial<TrialResult> = {}) => ({
  ...{ trial: number, rung: 1, epochs: 2, seconds: 1.5, error: null, test: null },
  settings: { lr: 10 ** -number, loss: number === 1 ? "mse" : "<b>l1</b>" },
  status: "finished" as const,
  best: { epoch: 2, step: 4, pearson, spearman: pearson },
  output: `runs/s/trial-00${number}`,
  ...change,
});

const failed = trial(3, null, {
  ...{ status: "failed", best: null, error: { code: "NOT_FINITE", message: "a & b" } },
});
const trials = [trial(1, 0.25), trial(2, 0.75), failed];
const summary: SweepSummary = {
  ...{ method: "random", planned: 4, trials, best: trials[1]!, output: "runs/s" },
  fields: [
    { field: "lr", scale: "log", explained: 0.5 },
    { field: "loss", scale: "list", explained: null },
  ],
};

/** The texts of a table's cells, by rows. */
const cells = (page: string, caption: string): string[][] => {
  const table = page.slice(page.indexOf(`aria-label="${caption}"`)).split("</table>")[0]!;
  return table
    .split("<tr")
    .slice(2)
    .map((row) =>
      [...row.matchAll(/<t[hd][^>]*>([^]*?)<\/t[hd]>/g)].map(([, cell]) =>
        cell!.replace(/<[^>]*>/g, "").trim(),
      ),
    );
};

it("has the best trial, every trial by rank, and what each setting explains", async () => {
  const page = await sweepPage(summary);
  expect(page).toContain("3 of 4 trials, compared by Pearson on dev.");
  expect(cells(page, "Trials, the best first")).toEqual([
    ["2", "0.7500", "0.7500", "2", "1.5", "0.01", "&lt;b&gt;l1&lt;/b&gt;"],
    ["1", "0.2500", "0.2500", "2", "1.5", "0.1", "mse"],
    ["3", "failed", "–", "2", "1.5", "0.001", "&lt;b&gt;l1&lt;/b&gt;"],
  ]);
  expect(cells(page, "How much of the order of the trials a setting explains by itself")).toEqual([
    ["lr", "50.0 %"],
    ["loss", "–"],
  ]);
  expect(page).toContain("Trial 3 failed: a &amp; b");
  expect(page).not.toMatch(/<b>l1|<script/);
});

it("draws the rungs of a halving apart, for a longer training comes to more", async () => {
  const again = trial(2, 0.9, { rung: 2, epochs: 4 });
  const page = await sweepPage({ ...summary, method: "halving", trials: [...trials, again] });
  expect(page.match(/<strong>Rung \d, \d epochs/g)).toEqual([
    "<strong>Rung 1, 2 epochs",
    "<strong>Rung 2, 4 epochs",
  ]);
  expect(cells(page, "Trials, the best first")[0]!.slice(0, 3)).toEqual(["2", "2", "0.9000"]);
});

it("is there before a trial has ended, and where none has come through", async () => {
  const none = { ...summary, trials: [], best: null };
  expect(await sweepPage(none)).toContain("No trial has come to a Pearson on dev.");
  const allFailed = await sweepPage({ ...summary, trials: [failed], best: null });
  expect(allFailed).toContain("Trial 3 failed");
});
