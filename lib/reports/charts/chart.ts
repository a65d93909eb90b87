import type { EChartsOption } from "echarts";
import { type Content, escape, html, Markup } from "../markup.js";

/** What every chart is called and what it says, for all readers. */
export type ChartText = {
  title: string;
  /** What is drawn and, best, what is to be seen in it. */
  description: string;
};

/** The drawing area; a chart is drawn for wide and for narrow places, and CSS shows one. */
export type Size = { width: number; height: number; isNarrow: boolean };

export type ChartParts = ChartText & {
  /** In pixels, of the wide drawing and of the narrow one where that differs. */
  height?: number;
  narrowHeight?: number;
  legend?: Markup | null;
  /** What is drawn as a table or the like, under the chart. */
  below?: Content;
};

const defaultHeight = 300;

/**
 * A chart as a figure that follows the page's colours and width.
 * @param draw what echarts is to draw; its colours are those of the palette
 */
export async function chart(
  parts: ChartParts,
  draw: (size: Size) => EChartsOption,
): Promise<Markup> {
  const { title, description, height = defaultHeight, narrowHeight = height } = parts;
  const wide = { width: 900, height, isNarrow: false };
  const narrow = { width: 380, height: narrowHeight, isNarrow: true };
  return html`<figure>
    <figcaption><strong>${title}</strong><span>${description}</span></figcaption>
    ${parts.legend ?? null} ${await drawing(parts, wide, draw(wide))}
    ${await drawing(parts, narrow, draw(narrow))} ${parts.below ?? null}
  </figure> `;
}

async function drawing(text: ChartText, size: Size, option: EChartsOption): Promise<Markup> {
  const { width, height, isNarrow } = size;
  // Loaded here and not above, because it takes longer than most commands.
  const echarts = await import("echarts");
  const instance = echarts.init(null, null, { renderer: "svg", ssr: true, width, height });
  try {
    instance.setOption({ animation: false, textStyle: { fontFamily: "inherit" }, ...option });
    const inner = innerOf(instance.renderToSVGString());
    return Markup.trusted(
      `<svg class="${isNarrow ? "narrow" : "wide"}" viewBox="0 0 ${width} ${height}" role="img">` +
        `<title>${escape(text.title)}</title><desc>${escape(text.description)}</desc>${inner}</svg>`,
    );
  } finally {
    instance.dispose();
  }
}

/**
 * What echarts draws, without what serves pointers and scripts. Its texts are escaped, quotes too, so
 * that nothing in them can be taken for an attribute here.
 */
const innerOf = (svg: string): string =>
  svg
    .replace(/^<svg[^>]*>\s*/, "")
    .replace(/\s*<\/svg>\s*$/, "")
    // Axes hold all that is drawn, so that nothing has to be clipped.
    .replace(/<(style|defs)[^>]*>.*?<\/\1>/gs, "")
    .replace(/ (?:ecmeta_\w+|class|clip-path|pointer-events)="[^"]*"/g, "")
    .replaceAll("font-family:inherit;", "")
    .replace(/<rect [^>]*fill="none"><\/rect>\s*/, "");
