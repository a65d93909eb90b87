import { spawn } from "node:child_process";
import { once } from "node:events";

/** Work that is deaf to its signal. */
const program = `
  import { interruptible } from "./dist/cli/interruptible.js";
  import { Output } from "./dist/cli/output.js";
  const forever = () => new Promise((resolve) => setTimeout(resolve, 1e9));
  const work = interruptible(new Output(false), "Finishing.", forever);
  console.error("ready");
  await work;
`;

it("a second Ctrl-C ends the process at once, whatever it is doing", async () => {
  const child = spawn(process.execPath, ["--input-type=module", "-e", program], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
    if (/ready\n$|Finishing/.test(stderr)) child.kill("SIGINT");
  });
  const [, signal] = (await once(child, "close")) as [number | null, NodeJS.Signals | null];
  expect(signal).toBe("SIGINT");
  expect(stderr).toBe("ready\nFinishing. (Once more ends at once.)\n");
});
