import { monitorEventLoopDelay } from "node:perf_hooks";

/** Bytes of memory that this process has had at most. */
export const peakBytes = () => process.resourceUsage().maxRSS * 1024;

/** Watches how long the event loop waits, in milliseconds. */
export function watchEventLoop() {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  return () => {
    delay.disable();
    return delay.percentile(99) / 1e6;
  };
}

/** Seconds that processors have worked for this process, which other processes do not change much. */
export function processorSeconds() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
