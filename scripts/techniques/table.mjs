import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { median, replaceBetweenMarks } from "./page.mjs";

/** Puts the table of all runs that are done between the marks of docs/techniques.md. */
export function writeTable(work, techniques, seeds) {
  const rows = techniques.flatMap((technique) => {
    const results = seeds
      .map((seed) => path.join(work, `${technique.name}-${seed}.json`))
      .filter(existsSync)
      .map((file) => JSON.parse(readFileSync(file, "utf8")));
    return results.length > 0 ? [row(technique, results)] : [];
  });
  const table = [
    "| technique | settings | seeds | Pearson on dev, mean ± sd | processor time, s | peak memory, MB |",
    "| --- | --- | --- | --- | --- | --- |",
    ...rows,
  ].join("\n");
  replaceBetweenMarks("docs/techniques.md", "table", table);
  console.log(table);
}

function row({ name, settings, members, pretrain }, results) {
  const pearsons = results.map(({ pearson }) => pearson ?? 0);
  const average = mean(pearsons);
  const spread = Math.sqrt(
    pearsons.reduce((sum, value) => sum + (value - average) ** 2, 0) /
      Math.max(1, pearsons.length - 1),
  );
  const extra = [
    ...(members ? [`members: ${members}`] : []),
    ...(pretrain ? ["after pretrain"] : []),
  ];
  const text = [...Object.entries(settings).map(toText), ...extra].join(", ") || "the defaults";
  return (
    `| ${name} | ${text} | ${results.length} | ${average.toFixed(3)} ± ${spread.toFixed(3)} | ` +
    `${median(results.map((item) => item.seconds)).toFixed(0)} | ` +
    `${median(results.map((item) => item.megabytes)).toFixed(0)} |`
  );
}

const toText = ([key, value]) =>
  `${key}: ${typeof value === "object" ? JSON.stringify(value) : value}`;

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
