import { html, type HtmlValue, type Markup } from '../html.js';

/** One part of the report, with a heading that the contents list links to. */
export function section(id: string, title: string, body: HtmlValue): Markup {
  return html`<section id="${id}" aria-labelledby="${id}-title">
    <h2 id="${id}-title">${title}</h2>
    ${body}
  </section> `;
}
