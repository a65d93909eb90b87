// Run in a browser, on a page: the value of this file is an object of functions.
({
  /** How far the page is wider than the window, in pixels. */
  overflow: () => document.documentElement.scrollWidth - window.innerWidth,

  /** What the page holds that could act or load something. */
  actors: () =>
    [...document.querySelectorAll("script, img, iframe, object, embed, form, a, link, *")]
      .filter(
        (element) =>
          /^(script|img|image|iframe|object|embed|form|video|audio|use)$/i.test(element.tagName) ||
          [...element.attributes].some(({ name }) => /^on/i.test(name)) ||
          /^(?!#|data:,)/.test(element.getAttribute("href") ?? "#"),
      )
      .map(({ outerHTML }) => outerHTML.slice(0, 200)),

  /** Of every figure: its title, the size of the chart that is shown, and what is wrong with it. */
  charts: () =>
    [...document.querySelectorAll("figure")].map((figure) => {
      const shown = [...figure.querySelectorAll(":scope > svg")].filter(
        (svg) => svg.getBoundingClientRect().width > 0,
      );
      const frame = shown[0].getBoundingClientRect();
      const texts = [...shown[0].querySelectorAll("text")].map((text) => ({
        text: text.textContent,
        box: text.getBoundingClientRect(),
      }));
      const isCut = ({ box }) =>
        box.left < frame.left - 1 ||
        box.right > frame.right + 1 ||
        box.top < frame.top - 1 ||
        box.bottom > frame.bottom + 1;
      const shared = (a, b) =>
        Math.max(0, Math.min(a.right, b.right) - Math.max(a.left, b.left)) *
        Math.max(0, Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top));
      const overlaps = texts.flatMap((one, i) =>
        texts
          .slice(i + 1)
          .filter(({ box }) => shared(one.box, box) > 0.1 * one.box.width * one.box.height)
          .map((other) => `${one.text} / ${other.text}`),
      );
      return {
        title: figure.querySelector("figcaption strong").textContent,
        shown: shown.length,
        named: shown[0].querySelector(":scope > title").textContent,
        width: frame.width,
        height: frame.height,
        fontSize: Math.min(
          ...[...shown[0].querySelectorAll("text")].map(
            (text) =>
              (parseFloat(getComputedStyle(text).fontSize) * frame.width) /
              shown[0].viewBox.baseVal.width,
          ),
        ),
        labels: texts.map(({ text }) => text),
        cut: texts.filter(isCut).map(({ text }) => text),
        overlaps,
      };
    }),

  /** Texts that do not stand out from what is behind them by 4.5 : 1, and the lowest contrast. */
  contrast: () => {
    const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    const toRgb = (color) => {
      canvas.clearRect(0, 0, 1, 1);
      canvas.fillStyle = color;
      canvas.fillRect(0, 0, 1, 1);
      return [...canvas.getImageData(0, 0, 1, 1).data];
    };
    const luminance = ([r, g, b]) => {
      const linear = (value) =>
        value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4;
      return 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
    };
    const behind = (element) => {
      for (let at = element; at !== null; at = at.parentElement) {
        const rgb = toRgb(getComputedStyle(at).backgroundColor);
        if (rgb[3] === 255) return rgb;
      }
      return [255, 255, 255, 255];
    };
    const ratioOf = (element) => {
      const style = getComputedStyle(element);
      const color = element instanceof SVGElement ? style.fill : style.color;
      const [a, b] = [luminance(toRgb(color)), luminance(behind(element))];
      return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    };
    const found = [...document.body.querySelectorAll("*")]
      .filter((element) => !/^(title|desc|style)$/.test(element.tagName))
      .filter((element) =>
        [...element.childNodes].some(
          ({ nodeType, textContent }) => nodeType === Node.TEXT_NODE && textContent.trim() !== "",
        ),
      )
      .filter((element) => element.getBoundingClientRect().width > 0)
      .map((element) => ({ text: element.textContent.slice(0, 40), ratio: ratioOf(element) }));
    return {
      background: luminance(behind(document.body)),
      checked: found.length,
      low: found.filter(({ ratio }) => ratio < 4.5),
    };
  },

  /** All that a reader can come to read. */
  text: () => document.body.textContent,
});
