import type { DownloadProgress } from "../checkpoint/hub.js";
import { bytes } from "./format.js";
import type { Output } from "./output.js";

/** Between two lines about one file, where there is no terminal. */
const interval = 10_000;

/**
 * Shows how far the download of a model has come: a bar for each file, or lines where stderr is
 * not a terminal.
 * @param now milliseconds
 */
export function downloadReport(
  output: Output,
  now: () => number = () => performance.now(),
): (progress: DownloadProgress) => void {
  let current: { file: string; show: (loaded: number, total: number) => void } | undefined;
  return ({ file, loaded, total }) => {
    if (current?.file !== file) {
      const show = openBar(output, file) ?? writeLines(output, file, now);
      current = { file, show };
    }
    current.show(loaded, total);
    if (loaded >= total) output.closeBar();
  };
}

function openBar(output: Output, file: string) {
  const bar = output.openBar("{bar} {percentage}% | {file} | {loaded} of {size}");
  if (!bar) return undefined;
  return (loaded: number, total: number) =>
    bar.update(loaded, total, { file, loaded: bytes(loaded), size: bytes(total) });
}

function writeLines(output: Output, file: string, now: () => number) {
  let last = -Infinity;
  return (loaded: number, total: number) => {
    if (now() - last < interval && loaded < total) return;
    last = now();
    const done = loaded === 0 ? "" : `: ${bytes(loaded)} of ${bytes(total)}`;
    output.note(`downloading ${file}${done || ` (${bytes(total)})`}`);
  };
}
