import type { JsonValue } from '../../util/index.js';
import { formatValue, shortDigest } from './format-value.js';
import { html, type Markup } from '../html.js';

/** Names and values, one row each; long digests are shortened. */
export function valuesTable(
  caption: string,
  values: Readonly<Record<string, JsonValue>>,
): Markup | undefined {
  const entries = Object.entries(values);
  if (entries.length === 0) return undefined;
  return html`<div class="scroll">
    <table class="values">
      <caption>
        ${caption}
      </caption>
      <tbody>
        ${entries.map(valueRow)}
      </tbody>
    </table>
  </div>`;
}

function valueRow([name, value]: [string, JsonValue]): Markup {
  const text = formatValue(value);
  const short = shortDigest(text);
  const cell = short === text ? text : html`<code title="${text}">${short}</code>`;
  return html`<tr>
    <th scope="row">${name}</th>
    <td class="wrap">${cell}</td>
  </tr>`;
}
