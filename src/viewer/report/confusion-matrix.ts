import type { JsonObject, JsonValue } from '../../util/index.js';
import { formatNumber } from './format-value.js';
import { html, type Markup } from '../html.js';

interface ConfusionMatrix {
  readonly labels: readonly string[];
  /** One row for each actual class, one column for each predicted class. */
  readonly rows: readonly (readonly number[])[];
}

/** Draws KFP's `confusionMatrix` metadata as a table, shaded by share of the actual class. */
export function confusionMatrix(metadata: JsonObject): Markup | undefined {
  const matrix = readMatrix(metadata['confusionMatrix']);
  if (matrix === undefined) return undefined;
  return html`<figure class="panel">
    <figcaption>Confusion matrix</figcaption>
    <div class="scroll">
      <table class="confusion">
        <thead>
          <tr>
            <td></td>
            <th scope="colgroup" colspan="${matrix.labels.length}">predicted</th>
          </tr>
          <tr>
            <th scope="col">actual</th>
            ${matrix.labels.map((label) => html`<th scope="col">${label}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${matrix.rows.map((row, index) => matrixRow(matrix.labels[index] ?? '', row, index))}
        </tbody>
      </table>
    </div>
    <p class="note">Share is of the rows of that actual class.</p>
  </figure>`;
}

function matrixRow(label: string, row: readonly number[], actual: number): Markup {
  const total = row.reduce((sum, count) => sum + count, 0);
  return html`<tr>
    <th scope="row">${label}</th>
    ${row.map((count, predicted) => {
      const share = total === 0 ? 0 : count / total;
      const kind = actual === predicted ? 'hit' : 'miss';
      return html`<td class="${kind} shade-${Math.round(share * 10)}">
        <b>${formatNumber(count)}</b> <small>${(share * 100).toFixed(1)}%</small>
      </td>`;
    })}
  </tr>`;
}

function readMatrix(value: JsonValue | undefined): ConfusionMatrix | undefined {
  const { annotationSpecs, rows } = asObject(value);
  if (!Array.isArray(annotationSpecs) || !Array.isArray(rows)) return undefined;
  const labels = annotationSpecs.map((spec: JsonValue) => textOf(asObject(spec)['displayName']));
  const counts = rows.map((row: JsonValue) => {
    const cells = asObject(row)['row'];
    return Array.isArray(cells) ? cells.map((cell: JsonValue) => Number(cell)) : [];
  });
  const isSquare = counts.every(
    (row) => row.length === labels.length && row.every((cell) => Number.isFinite(cell)),
  );
  return labels.length > 0 && counts.length === labels.length && isSquare
    ? { labels, rows: counts }
    : undefined;
}

function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? '');
}

function asObject(value: JsonValue | undefined): JsonObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
    ? (value as JsonObject)
    : {};
}
