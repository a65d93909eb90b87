import { spawnSync } from "node:child_process";
import type { LaunchOptions } from "playwright-core";

/**
 * How to start a browser to look at pages with, see find-browser.mjs; undefined, with the reasons on
 * stderr, where none starts. It is found before tests are declared, so that they are skipped where
 * there is none.
 * @throws Error where the one that STS_BROWSER names does not start
 */
export function findBrowser(): LaunchOptions | undefined {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["test/reports/find-browser.mjs"],
    { encoding: "utf8", timeout: 60_000 },
  );
  if (status === 0) return JSON.parse(stdout) as LaunchOptions;
  if (process.env.STS_BROWSER) throw new Error(`STS_BROWSER does not start: ${stderr}`);
  console.warn(`Skipped: no browser starts to look at pages with. Install chromium.\n${stderr}`);
  return undefined;
}
