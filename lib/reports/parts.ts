import { type Content, html, type Markup } from "./markup.js";

/** What is read first: a number and what it is. */
export type Figure = { name: string; value: Content; note?: Content };

/** The figures that matter most, large and beside each other. */
export const figures = (all: readonly Figure[]): Markup =>
  html`<dl class="figures">
    ${all.map(
      ({ name, value, note = null }) =>
        html`<div>
          <dt>${name}</dt>
          <dd>${value}${note === null ? null : html`<small>${note}</small>`}</dd>
        </div>`,
    )}
  </dl>`;

export const paragraph = (...content: readonly Content[]): Markup => html`<p>${content}</p>`;

export const list = (items: readonly Content[]): Markup =>
  html`<ul>
    ${items.map((item) => html`<li>${item}</li>`)}
  </ul>`;

/** What a reader must not overlook. */
export const warning = (...content: readonly Content[]): Markup =>
  html`<div class="warning" role="note"><strong>Note</strong> ${content}</div>`;

/** What is there for those who ask: folded until it is opened. */
export const details = (summary: Content, ...content: readonly Content[]): Markup =>
  html`<details>
    <summary>${summary}</summary>
    ${content}
  </details>`;

/** Charts and tables beside each other where there is room. */
export const sideBySide = (...content: readonly Content[]): Markup =>
  html`<div class="beside">${content}</div>`;
