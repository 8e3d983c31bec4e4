import type { DeploymentView, RunView, TaskView } from '../../contract/index.js';
import { decisionTable } from './decision-table.js';
import { formatNumber } from './format-value.js';
import { html, type Markup } from '../html.js';
import { findNumber } from './run-metrics.js';
import { section } from './section.js';
import { statusBadge } from './status-badge.js';

/** The evaluation that the gate read; fractions in [0, 1]. */
interface Verdict {
  readonly task: string;
  readonly passed?: boolean;
  readonly accuracy: number;
  readonly threshold: number;
  readonly lower?: number;
  readonly upper?: number;
  readonly baseline?: number;
  readonly reason?: string;
}

/** Shows whether the model was deployed, and the numbers that decided it. */
export function gateSection(view: RunView): Markup | undefined {
  const verdict = view.tasks.map((task) => readVerdict(task, view)).find((found) => found);
  const conditions = skippedByCondition(view.tasks);
  const decisions = view.tasks.flatMap((task) => task.decision ?? []);
  if (verdict === undefined && view.deployment === undefined && conditions.length === 0) return;
  return section(
    'gate',
    'Gate and deployment',
    html` ${view.deployment === undefined ? undefined : decision(view.deployment)}
    ${verdict === undefined ? undefined : gauge(verdict)} ${decisions.map(decisionTable)}
    ${conditions.length === 0 ? undefined : skippedList(conditions)}`,
  );
}

/** Skipped tasks, without those inside a group that was skipped as a whole. */
function skippedByCondition(tasks: readonly TaskView[]): TaskView[] {
  const skipped = tasks.filter(({ reason, status }) => reason && status === 'skipped');
  return skipped.filter(({ name }) => !skipped.some((outer) => name.startsWith(`${outer.name}/`)));
}

const DECISIONS: Readonly<
  Record<DeploymentView['status'], readonly [text: string, className: string]>
> = {
  promoted: ['The model was deployed.', 'is-succeeded'],
  shadowing: ['The model gets copies of requests; the earlier one answers.', 'is-succeeded'],
  splitting: [
    'The model answers a share of the requests, the earlier one the others.',
    'is-succeeded',
  ],
  refused: ['The gate refused the model; nothing was deployed.', 'is-canceled'],
  rolled_back: ['The new model failed its checks; the earlier one serves.', 'is-failed'],
  failed: ['The deployment failed.', 'is-failed'],
  superseded: ['A newer deployment took its place.', 'is-idle'],
};

function decision(deployment: DeploymentView): Markup {
  const [text, className] = DECISIONS[deployment.status];
  const said = deployment.unchanged ? 'The endpoint served this very model already.' : text;
  return html`<div class="callout ${className}">
    <p><b>${said}</b></p>
    <dl class="facts">
      <div>
        <dt>Endpoint</dt>
        <dd>${deployment.endpoint}</dd>
      </div>
      ${fact('Address', deployment.url)} ${fact('Share', shareOf(deployment))}
      ${fact('Reason', deployment.reason)} ${fact('Model', deployment.modelDigest)}
    </dl>
  </div>`;
}

function shareOf({ percent }: DeploymentView): string | undefined {
  return percent === undefined ? undefined : `${percent} % of the requests`;
}

function fact(name: string, value: string | undefined): Markup | undefined {
  if (value === undefined) return undefined;
  return html`<div>
    <dt>${name}</dt>
    <dd class="wrap">${value}</dd>
  </div>`;
}

function readVerdict(task: TaskView, view: RunView): Verdict | undefined {
  const accuracy = findNumber(task, ['test_accuracy']);
  const threshold = findNumber(task, ['threshold']) ?? numeric(view.parameters['deploy_threshold']);
  if (accuracy === undefined || threshold === undefined) return undefined;
  const { passed, reason } = task.outputs?.parameters ?? {};
  return {
    task: task.name,
    accuracy,
    threshold,
    passed: typeof passed === 'boolean' ? passed : undefined,
    lower: findNumber(task, ['test_accuracy_lower']),
    upper: findNumber(task, ['test_accuracy_upper']),
    baseline: findNumber(task, ['majority_accuracy']),
    reason: typeof reason === 'string' ? reason : undefined,
  };
}

function numeric(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

const SCALE_WIDTH = 380;

function gauge(verdict: Verdict): Markup {
  const { accuracy, threshold, lower, upper, baseline } = verdict;
  const passed = verdict.passed ?? accuracy >= threshold;
  const comparison = accuracy >= threshold ? '≥' : '<';
  return html`<div class="panel">
    <p class="verdict">
      test accuracy <b>${formatNumber(accuracy)}</b> ${comparison} threshold
      <b>${formatNumber(threshold)}</b> ${statusBadge(
        passed ? 'succeeded' : 'canceled',
        passed ? 'passed' : 'refused',
      )}
    </p>
    <svg
      class="chart gauge"
      viewBox="-10 0 ${SCALE_WIDTH + 20} 74"
      role="img"
      aria-label="test accuracy ${formatNumber(accuracy)}, threshold ${formatNumber(threshold)}"
    >
      <rect class="gauge-track" x="0" y="22" width="${SCALE_WIDTH}" height="18" rx="5" />
      <rect
        class="${passed ? 'gauge-pass' : 'gauge-refuse'}"
        x="0"
        y="22"
        width="${at(accuracy)}"
        height="18"
        rx="5"
      />
      ${lower === undefined || upper === undefined ? undefined : interval(lower, upper)}
      ${baseline === undefined ? undefined : mark(baseline, 'gauge-baseline', 'majority class', 62)}
      ${mark(threshold, 'gauge-threshold', 'threshold', 14)}
      <text class="tick" x="0" y="62">0</text>
      <text class="tick" x="${SCALE_WIDTH}" y="62" text-anchor="end">1</text>
    </svg>
    ${verdict.reason === undefined ? undefined : html`<p class="note">${verdict.reason}</p>`}
  </div>`;
}

function interval(lower: number, upper: number): Markup {
  return html`<path
    class="gauge-interval"
    d="M${at(lower)} 26 V36 M${at(lower)} 31 H${at(upper)} M${at(upper)} 26 V36"
    ><title>95% confidence interval ${formatNumber(lower)} to ${formatNumber(upper)}</title></path
  >`;
}

function mark(fraction: number, className: string, label: string, labelY: number): Markup {
  const position = at(fraction);
  const anchor = fraction > 0.85 ? 'end' : fraction < 0.15 ? 'start' : 'middle';
  return html`<path class="${className}" d="M${position} 18 V44" />
    <text class="tick" x="${position}" y="${labelY}" text-anchor="${anchor}"
      >${label} ${formatNumber(fraction)}</text
    >`;
}

function at(fraction: number): number {
  return Math.round(Math.min(1, Math.max(0, fraction)) * SCALE_WIDTH * 10) / 10;
}

function skippedList(tasks: readonly TaskView[]): Markup {
  return html`<h3>Not run</h3>
    <ul class="plain">
      ${tasks.map(
        ({ name, reason }) => html`<li>${statusBadge('skipped')} <b>${name}</b> — ${reason}</li>`,
      )}
    </ul>`;
}
