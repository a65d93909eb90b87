// Run as a program: writes, as JSON, how a browser is started that starts here; ends with 1, and the
// reasons on stderr, where none does. It is that of STS_BROWSER, else the system's, else the one that
// comes with the development dependencies; one that STS_BROWSER names has to start.
import { accessSync, constants } from "node:fs";
import path from "node:path";
import { chromium } from "playwright-core";

const systemNames = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/** Containers give browsers no sandbox, and little shared memory. */
const args = ["--no-sandbox", "--disable-dev-shm-usage"];

function systemBrowser() {
  const places = (process.env.PATH ?? "")
    .split(path.delimiter)
    .flatMap((directory) => systemNames.map((name) => path.join(directory, name)));
  const executablePath = places.find(isExecutable);
  return executablePath === undefined ? undefined : { executablePath, args };
}

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Unpacks it into the directory for temporary files, with the libraries that a bare system lacks. */
async function bundledBrowser() {
  process.env.AWS_LAMBDA_JS_RUNTIME ??= "nodejs20.x";
  const { default: bundled } = await import("@sparticuz/chromium");
  bundled.setGraphicsMode = false;
  const executablePath = await bundled.executablePath();
  return { executablePath, args: [...args, "--no-zygote", "--single-process"] };
}

async function tryToStart(find) {
  const options = await find();
  if (options === undefined) throw new Error("there is no browser on PATH");
  const started = { ...options, env: process.env };
  const browser = await chromium.launch(started);
  await browser.close();
  return started;
}

const { STS_BROWSER: named } = process.env;
const candidates = named
  ? [() => ({ executablePath: named, args })]
  : [systemBrowser, bundledBrowser];

let found;
for (const find of candidates) {
  try {
    found = await tryToStart(find);
    break;
  } catch (error) {
    console.error(error.message);
  }
}
if (found) process.stdout.write(JSON.stringify(found));
else process.exitCode = 1;
