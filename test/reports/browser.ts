import { accessSync, constants } from "node:fs";
import path from "node:path";
import { chromium, type Browser } from "playwright-core";

const systemNames = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/**
 * A browser to look at pages with: that of STS_BROWSER, else the system's, else the one that comes
 * with the development dependencies. Undefined, with the reasons on stderr, where none starts; one
 * that STS_BROWSER names has to.
 */
export async function startBrowser(): Promise<Browser | undefined> {
  const { STS_BROWSER: named } = process.env;
  if (named !== undefined && named !== "") return launch(named);
  const problems: unknown[] = [];
  for (const find of [() => systemBrowser(), () => bundledBrowser()]) {
    try {
      const found = await find();
      if (found !== undefined) return await launch(found.executable, found.args);
    } catch (error) {
      problems.push(error);
    }
  }
  console.warn("Pages are not looked at: no browser starts. Install chromium.", ...problems);
  return undefined;
}

type Found = { executable: string; args?: string[] };

function systemBrowser(): Found | undefined {
  const places = (process.env.PATH ?? "")
    .split(path.delimiter)
    .flatMap((directory) => systemNames.map((name) => path.join(directory, name)));
  const executable = places.find(isExecutable);
  return executable === undefined ? undefined : { executable };
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Unpacks it into the directory for temporary files, with the libraries that a bare system lacks. */
async function bundledBrowser(): Promise<Found> {
  process.env.AWS_LAMBDA_JS_RUNTIME ??= "nodejs20.x";
  const { default: bundled } = await import("@sparticuz/chromium");
  bundled.setGraphicsMode = false;
  return { executable: await bundled.executablePath(), args: ["--no-zygote", "--single-process"] };
}

/** Containers give browsers no sandbox, and little shared memory. */
const launch = (executablePath: string, args: readonly string[] = []): Promise<Browser> =>
  chromium.launch({
    executablePath,
    args: ["--no-sandbox", "--disable-dev-shm-usage", ...args],
    env: process.env,
  });
