import { Markup } from "./markup.js";
import { dark, declarations, light } from "./charts/palette.js";

/** How pages look. Charts take their colours from the same variables. */
export const style = Markup.trusted(`
:root { color-scheme: light dark; ${declarations(light)} }
@media screen and (prefers-color-scheme: dark) { :root { ${declarations(dark)} } }
*, *::before, *::after { box-sizing: border-box; }
html { font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Apple SD Gothic Neo",
  "Malgun Gothic", "Noto Sans KR", "Noto Sans CJK KR", sans-serif; -webkit-text-size-adjust: 100%; }
body { margin: 0 auto; max-width: 76rem; padding: 2rem clamp(1rem, 4vw, 2.5rem) 4rem;
  background: var(--page); color: var(--text); overflow-wrap: anywhere; word-break: keep-all; }
h1 { margin: 0; font-size: clamp(1.5rem, 4vw, 2.1rem); line-height: 1.2; letter-spacing: -0.01em; }
h2 { margin: 0 0 0.75rem; font-size: 1.3rem; line-height: 1.3; }
h3 { margin: 1.5rem 0 0.5rem; font-size: 1.05rem; }
p { margin: 0.5rem 0; max-width: 70ch; }
ul { margin: 0.5rem 0; padding-left: 1.25rem; }
small { font-size: 0.8rem; color: var(--muted); }
code { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; font-size: 0.9em; }
a { color: var(--link); }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
.lead { color: var(--muted); font-size: 1.05rem; }
.none, .muted { color: var(--muted); }
nav ul { display: flex; flex-wrap: wrap; gap: 0.35rem 1.1rem; margin: 1rem 0 0; padding: 0; list-style: none; }
section { margin-top: 1.5rem; padding: 1.25rem clamp(0.9rem, 2.5vw, 1.5rem) 1.5rem; background: var(--surface);
  border: 1px solid var(--line); border-radius: 12px; scroll-margin-top: 1rem; }
section > :last-child { margin-bottom: 0; }
.figures { display: grid; grid-template-columns: repeat(auto-fill, minmax(9.5rem, 1fr)); gap: 0.75rem;
  margin: 0.75rem 0 1rem; }
.figures > div { padding: 0.65rem 0.85rem; border: 1px solid var(--line); border-radius: 8px; }
.figures dt { color: var(--muted); font-size: 0.85rem; }
.figures dd { margin: 0; font-size: 1.35rem; font-weight: 650; line-height: 1.3;
  font-variant-numeric: tabular-nums; }
.figures dd small { display: block; font-weight: 400; }
.warning { margin: 0.5rem 0; padding: 0.5rem 0.85rem; border-left: 4px solid var(--warning); border-radius: 4px;
  background: var(--page); }
.beside { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)); gap: 0 1.5rem;
  align-items: start; }
.beside > * { min-width: 0; }
figure { margin: 1rem 0 0.5rem; container-type: inline-size; }
figcaption strong { display: block; font-size: 1.02rem; line-height: 1.35; }
figcaption span { display: block; color: var(--muted); font-size: 0.88rem; max-width: 75ch; }
figure svg { display: block; width: 100%; height: auto; margin-top: 0.4rem; }
figure svg.wide { max-width: 64rem; }
figure svg.narrow { display: none; max-width: 28rem; }
figure svg text { font-variant-numeric: tabular-nums; }
@container (max-width: 44rem) {
  figure svg.wide { display: none; }
  figure svg.narrow { display: block; }
}
.legend { display: flex; flex-wrap: wrap; gap: 0.15rem 1rem; margin: 0.4rem 0 0; padding: 0; list-style: none;
  font-size: 0.88rem; line-height: 1.4; }
.legend li { display: flex; align-items: baseline; gap: 0.4rem; min-width: 0; }
figure .legend svg { flex: none; width: 26px; height: 10px; margin: 0; align-self: center; }
.scale { display: flex; flex-wrap: wrap; align-items: center; gap: 0.1rem 0.5rem; margin: 0.4rem 0 0;
  font-size: 0.88rem; }
.scale span { display: inline-flex; }
.scale i { width: 1.1rem; height: 0.7rem; print-color-adjust: exact; }
.table { container-type: inline-size; max-height: min(75vh, 44rem); margin: 0.75rem 0; overflow: auto; border: 1px solid var(--line);
  border-radius: 8px; }
table { width: 100%; border-collapse: separate; border-spacing: 0; font-size: 0.9rem; line-height: 1.4; }
caption { padding: 0.5rem 0.75rem; color: var(--muted); text-align: left; }
caption span { display: inline-block; position: sticky; left: 0.75rem; max-width: calc(100cqi - 1.5rem); }
th, td { padding: 0.4rem 0.75rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top;
  background: var(--surface); overflow-wrap: normal; }
.cell { width: max-content; max-width: min(26rem, 60vw); overflow-wrap: anywhere; white-space: pre-wrap; }
th > .cell { max-width: min(26rem, 40vw); }
tbody tr:last-child > * { border-bottom: 0; }
thead th { position: sticky; top: 0; z-index: 1; color: var(--muted); font-weight: 600; white-space: nowrap; }
th:first-child { position: sticky; left: 0; z-index: 1; }
thead th:first-child { z-index: 2; }
tbody th { font-weight: 500; }
.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
tr.best > * { font-weight: 700; }
details { margin: 0.5rem 0; }
summary { color: var(--link); cursor: pointer; font-size: 0.92rem; }
@media print {
  html { font-size: 11px; }
  body { max-width: none; padding: 0; }
  section { padding: 0; border: 0; }
  figure, tr, .figures > div { break-inside: avoid; }
  .table { max-height: none; overflow: visible; border: 0; }
  thead th, th:first-child { position: static; }
  nav { display: none; }
}
`);
