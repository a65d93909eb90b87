/** Preloaded into a command: prints the peak memory of its process when it is over. */
import { writeSync } from "node:fs";

process.on("exit", () => {
  writeSync(1, `${JSON.stringify({ peakBytes: process.resourceUsage().maxRSS * 1024 })}\n`);
});
