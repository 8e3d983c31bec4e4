// Writes HTML and SVG in which no value can become markup.
//
// H1. Every interpolated value is escaped, in text and in quoted attributes alike; only the result
//     of `html` itself passes as markup.

/** Markup that `html` made. */
export class Markup {
  constructor(readonly text: string) {}
}

export type HtmlValue = string | number | Markup | undefined | readonly HtmlValue[];

/** Joins literal markup with escaped values (H1); undefined and empty lists write nothing. */
export function html(literals: TemplateStringsArray, ...values: readonly HtmlValue[]): Markup {
  const text = literals.reduce(
    (written, literal, index) => written + render(values[index - 1]) + literal,
  );
  return new Markup(text);
}

function render(value: HtmlValue): string {
  if (value === undefined) return '';
  if (value instanceof Markup) return value.text;
  if (typeof value === 'string' || typeof value === 'number') return escapeHtml(String(value));
  return value.map((item) => render(item)).join('');
}

// Control characters and lone surrogates are not allowed in HTML, not even as references.
const NOT_HTML = /(?![\t\n\r])\p{Cc}|\p{Surrogate}/gu;

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
};

function escapeHtml(text: string): string {
  return text
    .replace(NOT_HTML, '\u{FFFD}')
    .replace(/[&<>"'`]/g, (character) => ESCAPES[character]!);
}
