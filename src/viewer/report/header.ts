import { codeSourceText } from '../../contract/index.js';
import type { RunView } from '../../contract/index.js';
import { formatDuration } from '../../util/index.js';
import { formatNumber, formatTime, shortDigest } from './format-value.js';
import { html, type Markup } from '../html.js';
import { findNumber } from './run-metrics.js';
import { statusBadge } from './status-badge.js';

/** Title, state and the few numbers a reader wants first. */
export function header(view: RunView): Markup {
  const version = view.version === undefined ? '' : ` · version ${view.version}`;
  return html`<header>
    <p class="eyebrow">Pipeline run</p>
    <h1>${view.pipeline} ${statusBadge(view.status)}</h1>
    <p class="subtitle"><span class="wrap">${view.runId}</span></p>
    <p class="subtitle">
      ${formatTime(view.startedAt)}${version} ·
      <code title="${view.digest}">${shortDigest(view.digest)}</code>
    </p>
    ${
      view.source === undefined
        ? undefined
        : html`<p class="subtitle">
            <span class="wrap" title="${view.source.commit}">${codeSourceText(view.source)}</span>
          </p>`
    }
    <dl class="cards">${cards(view).map(card)}</dl>
    ${
      view.warnings.length === 0
        ? undefined
        : html`<ul class="callout is-canceled">
            ${view.warnings.map((warning) => html`<li>${warning}</li>`)}
          </ul>`
    }
  </header> `;
}

function cards(view: RunView): (readonly [name: string, value: string])[] {
  const leaves = view.tasks.filter(({ kind }) => kind !== 'dag' && kind !== 'loop');
  const done = leaves.filter(({ status }) => status === 'succeeded');
  const cached = done.filter((task) => task.cached);
  const accuracy = view.tasks
    .map((task) => findNumber(task, ['test_accuracy']))
    .find((value) => value !== undefined);
  return [
    ...(accuracy === undefined ? [] : [['Test accuracy', formatNumber(accuracy)] as const]),
    ...(view.deployment === undefined
      ? []
      : [['Deployment', view.deployment.status.replace('_', ' ')] as const]),
    ['Duration', duration(view)],
    ['Tasks done', `${done.length} of ${leaves.length}`],
    ['From cache', String(cached.length)],
  ];
}

function duration({ startedAt, finishedAt }: RunView): string {
  if (finishedAt === undefined) return 'still running';
  return formatDuration((Date.parse(finishedAt) - Date.parse(startedAt)) / 1000);
}

function card([name, value]: readonly [name: string, value: string]): Markup {
  return html`<div class="card">
    <dt>${name}</dt>
    <dd>${value}</dd>
  </div>`;
}
