import { type Content, html, Markup } from "../markup.js";

/** How a series is drawn, so that it is known without its colour too. */
export type Stroke = { color: string; dash: readonly number[] };

export type LegendEntry = { name: string; stroke: Stroke; note?: Content };

/** The names of the series, each beside a piece of its line. */
export const legend = (entries: readonly LegendEntry[]): Markup =>
  html`<ul class="legend">
    ${entries.map(
      ({ name, stroke, note = null }) =>
        html`<li>
          ${swatch(stroke)}<span
            >${name}${note === null ? null : html` <small>${note}</small>`}</span
          >
        </li>`,
    )}
  </ul>`;

const swatch = ({ color, dash }: Stroke): Markup =>
  html`<svg viewBox="0 0 26 10" aria-hidden="true">
    <path d="M0 5h26" stroke="${color}" stroke-width="3" stroke-dasharray="${dash.join(" ")}" />
  </svg>`;
