import type { RunView } from '../../contract/index.js';
import { formatNumber } from './format-value.js';
import { html, type Markup } from '../html.js';
import { featureImportances, type Importance } from './run-metrics.js';
import { section } from './section.js';

const SHOWN = 20;

/** Draws the share of each input column in the model's decisions. */
export function importancesSection(view: RunView): Markup | undefined {
  const importances = featureImportances(view);
  if (importances.length === 0) return undefined;
  const shown = importances.slice(0, SHOWN);
  const largest = Math.max(...shown.map(({ share }) => share), Number.MIN_VALUE);
  const left = importances.length - shown.length;
  return section(
    'importances',
    'What the model looks at',
    html` <div class="panel">
        <table class="bars">
          <tbody>
            ${shown.map((importance) => bar(importance, largest))}
          </tbody>
        </table>
      </div>
      <p class="note">
        Share of each input column in the forest's decisions; all shares sum to
        1.${left > 0 ? ` ${left} smaller ones are left out.` : ''}
      </p>`,
  );
}

function bar({ feature, share }: Importance, largest: number): Markup {
  const width = Math.max(0.5, Math.round((Math.max(0, share) / largest) * 1000) / 10);
  return html`<tr>
    <th scope="row">${feature}</th>
    <td class="bar-cell">
      <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
        <rect width="${width}" height="10" />
      </svg>
    </td>
    <td class="number">${formatNumber(share)}</td>
  </tr>`;
}
