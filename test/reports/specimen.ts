import { bars } from "../../lib/reports/charts/bars.js";
import { histogram } from "../../lib/reports/charts/histogram.js";
import { lines } from "../../lib/reports/charts/lines.js";
import { parallelCoordinates } from "../../lib/reports/charts/parallel-coordinates.js";
import { scatter } from "../../lib/reports/charts/scatter.js";
import { page, section } from "../../lib/reports/page.js";
import { details, figures, list, paragraph, sideBySide, warning } from "../../lib/reports/parts.js";
import { table } from "../../lib/reports/table.js";

/** Texts that try to be more than texts. */
export const hostile = [
  "<script>alert(1)</script>",
  '"><img src=x onerror=alert(2)>',
  "' onmouseover='alert(3)",
  "</title></svg><svg onload=alert(4)>",
  "]]><style>*{display:none}</style>",
  "{{constructor}} ${alert(5)} {b}",
];

const wave = (phase: number) => {
  const x = Array.from({ length: 2000 }, (_, i) => i + 1);
  const y = x.map((at) => 3 * Math.exp(-at / 700) + Math.abs(Math.sin(at * 12.9898 + phase)));
  return { x, y };
};

/** A page that has every part and every chart, with hostile and with Korean texts everywhere. */
export async function specimen(): Promise<string> {
  const [script, image, attribute, title, style, template] = hostile as [
    ...[string, string, string, string, string, string],
  ];
  const names = ["청원", "영화평", script, image, attribute, title, style, template];
  const text = { title: `차트 ${title}`, description: `설명 ${image}` };
  const numbers = names.map((_, i) => i + 0.5);
  return page({
    title: `보고서 ${title}`,
    lead: `한국어 문장과 ${script}`,
    sections: [
      section(
        `부분 ${image}`,
        figures([{ name: script, value: image, note: attribute }]),
        paragraph(template, style),
        list(hostile),
        warning(title),
        details(
          style,
          table({
            caption: attribute,
            columns: [{ name: script }, { name: image, numeric: true }],
            rows: [
              [title, 1],
              ["오늘 날씨가 좋다.", null],
              ["가".repeat(300), style],
            ],
          }),
        ),
      ),
      section(
        "막대",
        sideBySide(
          await bars({
            ...text,
            x: script,
            y: "pairs",
            categories: ["0", "1", "2"],
            series: [{ name: image, values: [3000, null, 1] }],
          }),
          await histogram({
            ...text,
            x: "label",
            y: title,
            edges: [0, 1, 2, 3],
            series: [
              { name: script, values: [1, 0, 2] },
              { name: "한국어", values: [2, 2, 2] },
            ],
          }),
        ),
        await bars({
          ...text,
          x: style,
          y: image,
          categories: names,
          series: [
            { name: script, values: numbers },
            { name: "둘째", values: numbers },
          ],
        }),
      ),
      section(
        "선과 점",
        await lines({
          ...text,
          x: { name: "step", min: 0 },
          y: { name: title },
          trend: true,
          lines: names.map((name, i) => ({ name, curve: wave(i) })),
        }),
        await lines({
          ...text,
          x: { name: image },
          y: { name: "기울기", type: "log" },
          marks: true,
          lines: [{ name: script, curve: { x: [1, 2, 3], y: [0.01, 1, 100] } }],
        }),
        await scatter({
          ...text,
          x: { name: "label", min: 0, max: 5 },
          y: { name: script, min: 0, max: 5 },
          diagonal: [0, 5],
          series: [{ name: image, points: numbers.map((n) => [n / 2, n / 2]) }],
        }),
      ),
      section(
        "탐색",
        await parallelCoordinates({
          ...text,
          axes: [
            { name: "lr", type: "log" },
            { name: script, type: "category" },
            { name: "손실 함수", type: "category" },
            { name: "warmupRatio", type: "linear" },
          ],
          lines: names.map((name, i) => ({
            name,
            values: [1e-5 * 1.7 ** i, [script, "짧다"][i % 2]!, names[i % 4]!, i / 20],
            metric: i === 3 ? null : 0.8 + i / 100,
          })),
          metric: { name: "Pearson", better: "higher" },
        }),
      ),
    ],
  });
}
