/** What a page is made of: texts and numbers, which are shown as they are, and markup. */
export type Content = Markup | string | number | null | readonly Content[];

/**
 * A piece of HTML. Only `html` makes one of texts, and it escapes every text that is put in, so that
 * a sentence that looks like a tag is shown and never obeyed.
 */
export class Markup {
  private constructor(readonly source: string) {}

  /** Markup that was made elsewhere; what it holds must be escaped already. */
  static trusted(source: string): Markup {
    return new Markup(source);
  }

  toString(): string {
    return this.source;
  }
}

/**
 * Markup with contents put in: `html\`<p class="${name}">${text}</p>\``. Attributes must be quoted.
 * Null and empty lists leave nothing.
 */
export function html(parts: TemplateStringsArray, ...contents: readonly Content[]): Markup {
  const filled = parts.map((part, i) => part + (i < contents.length ? render(contents[i]!) : ""));
  return Markup.trusted(filled.join(""));
}

function render(content: Content): string {
  if (content === null) return "";
  if (content instanceof Markup) return content.source;
  if (typeof content === "string") return escape(content);
  if (typeof content === "number") return String(content);
  return content.map(render).join("");
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** A text as HTML, in an element or in a quoted attribute. */
export const escape = (text: string): string =>
  visible(text).replace(/[&<>"']/g, (character) => entities[character]!);

/**
 * A text without the characters that a page cannot hold or that act on what stands around them:
 * controls appear as their symbols, such as ␀, and those that turn the direction of writing as �.
 */
export const visible = (text: string): string =>
  text
    .replace(/\p{Surrogate}/gu, "\ufffd")
    .replace(/[\x00-\x08\x0b\x0c\x0e-\x1f]/g, (c: string) =>
      String.fromCharCode(0x2400 + c.charCodeAt(0)),
    )
    .replace(/[\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff]/g, "\ufffd");
