import { type Content, html, type Markup } from "./markup.js";

export type Column = {
  name: string;
  /** Numbers stand to the right, with digits of one width. */
  numeric?: boolean;
};

export type Table = {
  /** What the table is of; also told to those who do not see it. */
  caption: string;
  /** The first names each row and stays in sight. */
  columns: readonly Column[];
  /** A cell for each column; null is shown as a dash. */
  rows: readonly (readonly Content[])[];
  /** Rows that stand out, by their index. */
  highlighted?: readonly number[];
};

/** A table whose head and first column stay in sight while it is scrolled. */
export function table({ caption, columns, rows, highlighted = [] }: Table): Markup {
  const head = columns.map(
    ({ name, numeric }) => html`<th scope="col" ${cellClass(numeric)}>${name}</th>`,
  );
  const body = rows.map(
    (cells, i) =>
      html`<tr${highlighted.includes(i) ? html` class="best"` : null}>${cells.map((content, at) =>
        cell(content, columns[at]?.numeric, at === 0),
      )}</tr>
`,
  );
  return html`<div class="table" role="region" aria-label="${caption}" tabindex="0">
    <table>
      <caption>
        <span>${caption}</span>
      </caption>
      <thead>
        <tr>
          ${head}
        </tr>
      </thead>
      <tbody>
        ${body}
      </tbody>
    </table>
  </div> `;
}

function cell(content: Content, numeric: boolean | undefined, isFirst: boolean): Markup {
  const text = content === null || content === "" ? html`<span class="none">–</span>` : content;
  const shown = numeric === true ? text : html`<div class="cell">${text}</div>`;
  return isFirst
    ? html`<th scope="row" ${cellClass(numeric)}>${shown}</th>`
    : html`<td${cellClass(numeric)}>${shown}</td>`;
}

const cellClass = (numeric: boolean | undefined): Markup | null =>
  numeric === true ? html` class="number"` : null;
