import { html, Markup } from "../../lib/reports/markup.js";
import { page, section } from "../../lib/reports/page.js";
import { table } from "../../lib/reports/table.js";
import { hostile } from "./specimen.js";

it("texts are escaped wherever they are put in, and markup is not", () => {
  const text = `<b>"&'`;
  expect(html`<p title="${text}">${text}</p>`.source).toBe(
    '<p title="&lt;b&gt;&quot;&amp;&#39;">&lt;b&gt;&quot;&amp;&#39;</p>',
  );
  const inner = html`<b>${text}</b>`;
  expect(html`${inner}${[inner, text, 1.5, null]}`.source).toBe(
    `${inner.source.repeat(2)}&lt;b&gt;&quot;&amp;&#39;1.5`,
  );
});

it("what only looks like markup is a text", () => {
  const disguised = { source: "<b>", toString: () => "<i>" } as unknown as Markup;
  expect(() => html`${disguised}`).toThrow(TypeError);
  expect(html`${Markup.trusted("<b>").toString()}`.source).toBe("&lt;b&gt;");
});

it("characters that a page cannot hold or that turn its text are made visible", () => {
  expect(html`${"a\0b\x1bc\ud800d\u202ee\x9ff\n\t한"}`.source).toBe("a␀b␛c�d�e�f\n\t한");
});

it("a page says that nothing is loaded and nothing runs, and leads to its sections", () => {
  const text = page({
    title: hostile[0]!,
    lead: hostile[1]!,
    sections: hostile.map((each) => section(each, each)),
  });
  expect(text).toMatch(/^<!doctype html>\s*<html lang="en">\s*<head>\s*<meta charset="utf-8"/);
  expect(text).toContain("default-src &#39;none&#39;; style-src &#39;unsafe-inline&#39;");
  expect(text).not.toMatch(/<script|<img|<svg|onload=alert\(4\)>|https?:/);
  const targets = [...text.matchAll(/href="#([^"]*)"/g)].map(([, id]) => id);
  expect(targets).toHaveLength(hostile.length);
  for (const id of targets) expect(text.split(` id="${id}"`)).toHaveLength(2);
});

it("a table has a name, heads for its rows and columns, and a dash where there is nothing", () => {
  const { source } = table({
    caption: "a < b",
    columns: [{ name: "run" }, { name: "n", numeric: true }],
    rows: [
      ["<i>", 1],
      ["", null],
    ],
    highlighted: [1],
  });
  expect(source).toContain('aria-label="a &lt; b"');
  expect(source.match(/<th scope="col"/g)).toHaveLength(2);
  expect(source.match(/<th scope="row"/g)).toHaveLength(2);
  expect(source.match(/<tr class="best"/g)).toHaveLength(1);
  expect(source).toContain('<div class="cell">&lt;i&gt;</div>');
  expect(source.match(/–/g)).toHaveLength(2);
});
