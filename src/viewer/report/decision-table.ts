import type { DecisionView, RuleView } from '../../contract/index.js';
import { formatNumber } from './format-value.js';
import { html, type Markup } from '../html.js';
import { statusBadge } from './status-badge.js';

const VERDICTS: Readonly<Record<DecisionView['verdict'], string>> = {
  accepted: 'Every rule of the gate holds.',
  refused: 'The gate refused the model.',
  needs_approval: 'Every rule of the gate holds; a person had to agree.',
};

/** Each rule of the gate with what it found and the numbers it compared. */
export function decisionTable(decision: DecisionView): Markup {
  return html`<h3>Decision</h3>
    <p>${VERDICTS[decision.verdict]} ${approval(decision)}</p>
    <table>
      <thead>
        <tr>
          <th scope="col">Rule</th>
          <th scope="col">Verdict</th>
          <th scope="col">Found</th>
          <th scope="col">Numbers</th>
        </tr>
      </thead>
      <tbody>
        ${decision.rules.map(row)}
      </tbody>
    </table>
    <p class="note wrap">
      On record as <code>${decision.recordKey}</code>, policy <code>${decision.policyDigest}</code>
    </p>`;
}

function row({ rule, passed, warning, words, numbers }: RuleView): Markup {
  const verdict = passed ? (warning ? 'passed, not compared' : 'passed') : 'refused';
  return html`<tr>
    <td>${rule}</td>
    <td>${statusBadge(passed ? 'succeeded' : 'canceled', verdict)}</td>
    <td>${words}</td>
    <td class="wrap">${Object.entries(numbers).map(number).join(', ')}</td>
  </tr>`;
}

function number([name, value]: readonly [string, number | string]): string {
  return `${name} ${typeof value === 'number' ? formatNumber(value) : value}`;
}

function approval({ approval }: DecisionView): string {
  if (approval === undefined) return '';
  return `${approval.by} ${approval.answer} it: ${approval.reason}`;
}
