import { bars } from "../../lib/reports/charts/bars.js";
import { histogram } from "../../lib/reports/charts/histogram.js";
import { lines, mostNames } from "../../lib/reports/charts/lines.js";
import { parallelCoordinates } from "../../lib/reports/charts/parallel-coordinates.js";
import { scatter } from "../../lib/reports/charts/scatter.js";
import type { Markup } from "../../lib/reports/markup.js";
import { hostile, specimen } from "./specimen.js";

const text = { title: "A title", description: "What is drawn" };

/** The wide drawing. */
const svgOf = ({ source }: Markup): string => /<svg class="wide".*?<\/svg>/s.exec(source)![0];

/** Where the labels of the axis below are, by their numbers or names. */
const labelsOf = (svg: string): Map<string, { x: number; y: number }> =>
  new Map(
    [...svg.matchAll(/<text [^>]*translate\(([\d.-]+) ([\d.-]+)\)[^>]*>([^<]*)<\/text>/g)].map(
      ([, x, y, label]) => [label!, { x: Number(x), y: Number(y) }],
    ),
  );

/** Left, top, width and height of the bars of a histogram. */
const binsOf = (svg: string): number[][] =>
  [...svg.matchAll(/d="M([\d.]+) ([\d.]+)l([\d.]+) 0l0 ([\d.]+)l[^"]*Z" fill="var\(--series/g)].map(
    (match) => match.slice(1).map(Number),
  );

it("a histogram's bars are as wide as their bins and as high as their values", async () => {
  const markup = await histogram({
    ...{ ...text, x: "label", y: "pairs" },
    edges: [0, 1, 2, 5],
    series: [{ name: "train", values: [30, 10, 20] }],
  });
  const [first, second, third] = binsOf(svgOf(markup));
  expect([first![3]! / second![3]!, third![3]! / second![3]!]).toEqual([
    expect.closeTo(3, 1),
    expect.closeTo(2, 1),
  ]);
  expect(third![2]! / first![2]!).toBeCloseTo(3, 1);
  expect(markup.source.replace(/\s+/g, " ")).toMatch(/0 to 1.*?30.*?1 to 2.*?10.*?2 to 5.*?20/);
});

it("bars carry their values, and lie where their categories are words", async () => {
  const options = { ...text, x: "source", y: "pairs", format: (value: number) => `${value} p` };
  const series = [{ name: "train", values: [1, 3, null] }];
  const upright = svgOf(await bars({ ...options, categories: ["0", "1", "2"], series }));
  const below = labelsOf(upright);
  expect(below.get("1 p")!.x).toBeCloseTo(below.get("0")!.x, 1);
  expect(below.get("3 p")!.x).toBeCloseTo(below.get("1")!.x, 1);
  expect(below.get("3 p")!.y).toBeLessThan(below.get("1 p")!.y);
  const lying = svgOf(
    await bars({ ...options, categories: ["petition", "nsmc", "slack"], series }),
  );
  const beside = labelsOf(lying);
  expect(beside.get("3 p")!.y).toBeCloseTo(beside.get("nsmc")!.y, 1);
  expect(beside.get("3 p")!.x).toBeGreaterThan(beside.get("1 p")!.x);
  expect(beside.get("petition")!.y).toBeLessThan(beside.get("nsmc")!.y);
});

it("points are where their numbers say", async () => {
  const axis = { min: 0, max: 4 };
  const svg = svgOf(
    await scatter({
      ...text,
      x: { name: "label", ...axis },
      y: { name: "prediction", ...axis },
      series: [
        {
          name: "dev",
          points: [
            [1, 2],
            [4, 0],
          ],
        },
      ],
      diagonal: [0, 4],
    }),
  );
  const points = [...svg.matchAll(/matrix\([\d.]+,0,0,[\d.]+,([\d.]+),([\d.]+)\)/g)].map((match) =>
    match.slice(1).map(Number),
  );
  const ticks = [
    ...svg.matchAll(/text-anchor="(\w+)"[^>]*translate\(([\d.]+) ([\d.]+)\)[^>]*>(\d)</g),
  ];
  const placeOf = (anchor: string, label: string) =>
    ticks
      .find((match) => match[1] === anchor && match[4] === label)!
      .slice(2, 4)
      .map(Number);
  expect(points[0]).toEqual([placeOf("middle", "1")[0], placeOf("end", "2")[1]]);
  expect(points[1]).toEqual([placeOf("middle", "4")[0], placeOf("end", "0")[1]]);
});

it("of many points a sample is drawn", async () => {
  const points = Array.from({ length: 10_000 }, (_, i): [number, number] => [i, i % 7]);
  const svg = svgOf(
    await scatter({ ...text, x: { name: "x" }, y: { name: "y" }, series: [{ name: "a", points }] }),
  );
  expect(svg.match(/matrix\(/g)!.length).toBe(2500);
});

it("a spike of a long curve is drawn, though few of its points are", async () => {
  const x = Array.from({ length: 50_000 }, (_, i) => i);
  const y = x.map((at) => (at === 31_234 ? 100 : Math.sin(at)));
  const svg = svgOf(
    await lines({
      ...text,
      x: { name: "step" },
      y: { name: "loss" },
      lines: [{ name: "a", curve: { x, y } }],
    }),
  );
  const d = /d="(M[^"]*L[^"]*)" fill="none" stroke="var\(--series-0\)"/.exec(svg)![1]!;
  const heights = d
    .split(/[ML]/)
    .slice(1)
    .map((point) => Number(point.split(" ")[1]));
  expect(heights.length).toBeLessThan(4 * 900);
  const top = labelsOf(svg).get("100")!.y;
  expect(Math.min(...heights)).toBeCloseTo(top, 0);
  expect(heights.filter((height) => height < top + 50)).toHaveLength(1);
});

it("lines of one name look alike, and no two names do until there are too many", async () => {
  const curve = { x: [1, 2], y: [1, 2] };
  const names = Array.from({ length: mostNames + 3 }, (_, i) => `run ${i}`);
  const all = [...names, "run 0"].map((name) => ({ name, curve }));
  const { source } = await lines({ ...text, x: { name: "x" }, y: { name: "y" }, lines: all });
  const entries = [
    ...source.matchAll(
      /<path\s+d="M0 5h26"\s+stroke="([^"]*)"\s+stroke-width="3"\s+stroke-dasharray="([^"]*)"/g,
    ),
  ];
  expect(entries).toHaveLength(mostNames + 1);
  expect(new Set(entries.map(([, color, dash]) => `${color} ${dash}`)).size).toBe(entries.length);
  expect(source).toContain("3 others");
});

it("parallel coordinates colour by rank, draw the best thickest, and a failure apart", async () => {
  const { source } = await parallelCoordinates({
    ...text,
    axes: [
      { name: "lr", type: "log" },
      { name: "schedule", type: "category" },
    ],
    lines: [
      { name: "a", values: [1e-5, "linear"], metric: 0.5 },
      { name: "b", values: [1e-3, "cosine"], metric: 0.9 },
      { name: "c", values: [1e-4, "linear"], metric: 0.6 },
      { name: "d", values: [null, "cosine"], metric: null },
    ],
    metric: { name: "Pearson", better: "higher" },
  });
  const svg = /<svg class="wide".*?<\/svg>/s.exec(source)![0];
  const drawn = [
    ...svg.matchAll(
      /d="(M[^"]*L[^"]*)" fill="none" stroke="(var\(--(?:scale|faint)[^"]*)" stroke-width="([\d.]+)"/g,
    ),
  ];
  expect(drawn.map(([, , stroke, width]) => [stroke, width])).toEqual([
    ["var(--scale-0)", "1.8"],
    ["var(--scale-4)", "1.8"],
    ["var(--scale-8)", "3.5"],
  ]);
  const startOf = (i: number) => Number(/M[\d.]+ ([\d.]+)/.exec(drawn[i]![1]!)![1]);
  // 1e-4 lies halfway between 1e-5 and 1e-3.
  expect(startOf(1)).toBeCloseTo((startOf(0) + startOf(2)) / 2, 0);
  expect(source).toMatch(/worst 0\.5 .* best\s+0\.9, b\s/s);
  expect([...labelsOf(svg).keys()]).toEqual(
    expect.arrayContaining([
      "lr",
      "schedule",
      "Pearson",
      "linear",
      "cosine",
      "1e-5",
      "0.001",
      "0.9",
    ]),
  );
});

it("lower may be better, and all may have failed", async () => {
  const axes = [{ name: "lr", type: "linear" }] as const;
  const metric = { name: "loss", better: "lower" } as const;
  const some = [1, 2].map((value) => ({ name: "", values: [value], metric: value }));
  const { source } = await parallelCoordinates({ ...text, axes, lines: some, metric });
  expect(source).toMatch(/worst 2 .* best\s+1, /s);
  const failed = [{ name: "", values: [3], metric: null }];
  const none = await parallelCoordinates({ ...text, axes, lines: failed, metric });
  expect(none.source).toContain("No line has a loss.");
});

it("charts are named, take every colour from the page, and hold no tag of a text", async () => {
  const source = await specimen();
  const svgs = [...source.matchAll(/<svg class="(?:wide|narrow)".*?<\/svg>/gs)].map(([svg]) => svg);
  expect(svgs).toHaveLength(14);
  for (const svg of svgs) {
    expect(svg).toMatch(
      /^<svg class="\w+" viewBox="0 0 \d+ \d+" role="img"><title>[^<]+<\/title><desc>[^<]+<\/desc>/,
    );
    const colors = [...svg.matchAll(/(?:fill|stroke)="([^"]*)"/g)].map(([, color]) => color);
    expect(
      new Set(colors.filter((color) => !/^(none|transparent|var\(--[\w-]+\))$/.test(color!))),
    ).toEqual(new Set());
    const tags = new Set([...svg.matchAll(/<([^\s/>]+)/g)].map(([, tag]) => tag));
    expect([...tags].filter((tag) => !/^(svg|title|desc|g|path|text)$/.test(tag!))).toEqual([]);
    const attributes = new Set([...svg.matchAll(/ ([\w:-]+)="/g)].map(([, name]) => name));
    expect([...attributes].filter((name) => /^on|href|src|^id$|ecmeta|clip/.test(name!))).toEqual(
      [],
    );
  }
  expect(source).not.toContain(hostile[1]);
});

it("a page is the same whenever it is made", async () => {
  expect(await specimen()).toBe(await specimen());
});
