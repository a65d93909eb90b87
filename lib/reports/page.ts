import { type Content, html, type Markup } from "./markup.js";
import { style } from "./style.js";

/** A part of a page under a heading; the page's contents lead to it. */
export type Section = { title: string; content: Content };

export type Page = {
  title: string;
  /** A sentence or two under the title. */
  lead?: Content;
  sections: readonly Section[];
};

/** Nothing of a page may be fetched and nothing in it may run. */
const policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

/**
 * A page that is complete in one file: it needs no network and no script, follows the light or dark
 * mode of the reader and the width of the window, and can be printed.
 */
export function page({ title, lead = null, sections }: Page): string {
  const document = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policy}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="referrer" content="no-referrer" />
        <link rel="icon" href="data:," />
        <title>${title}</title>
        <style>
          ${style}
        </style>
      </head>
      <body>
        <header>
          <h1>${title}</h1>
          ${lead === null ? null : html`<p class="lead">${lead}</p>`}
          ${sections.length > 1 ? contents(sections) : null}
        </header>
        <main>${sections.map((section, i) => render(section, anchor(i)))}</main>
      </body>
    </html> `;
  return document.source;
}

export const section = (title: string, ...content: readonly Content[]): Section => ({
  title,
  content,
});

const anchor = (index: number): string => `section-${index + 1}`;

const contents = (sections: readonly Section[]): Markup =>
  html`<nav aria-label="Contents">
    <ul>
      ${sections.map(({ title }, i) => html`<li><a href="#${anchor(i)}">${title}</a></li>`)}
    </ul>
  </nav>`;

const render = ({ title, content }: Section, id: string): Markup =>
  html`<section id="${id}" aria-labelledby="${id}-title">
    <h2 id="${id}-title">${title}</h2>
    ${content}
  </section> `;
