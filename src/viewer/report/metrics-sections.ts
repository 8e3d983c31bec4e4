import type { RunView } from '../../contract/index.js';
import { confusionMatrix } from './confusion-matrix.js';
import { html, type Markup } from '../html.js';
import { rocCurve } from './roc-curve.js';
import {
  classificationMetrics,
  dataReports,
  scalarMetrics,
  type MetricsArtifact,
} from './run-metrics.js';
import { section } from './section.js';
import { valuesTable } from './values-table.js';

/** How well the model did on held-out rows: confusion matrices and ROC curves. */
export function evaluationSection(view: RunView): Markup | undefined {
  const figures = classificationMetrics(view).flatMap(({ metadata }) =>
    [confusionMatrix(metadata), rocCurve(metadata)].filter((figure) => figure !== undefined),
  );
  if (figures.length === 0) return undefined;
  return section('evaluation', 'Evaluation', html`<div class="columns">${figures}</div>`);
}

/** Every scalar metric, by the task that logged it. */
export function metricsSection(view: RunView): Markup | undefined {
  return tablesSection('metrics', 'Metrics', scalarMetrics(view));
}

/** What the data looked like before training. */
export function dataSection(view: RunView): Markup | undefined {
  return tablesSection('data', 'Data', dataReports(view));
}

function tablesSection(
  id: string,
  title: string,
  artifacts: readonly MetricsArtifact[],
): Markup | undefined {
  const tables = artifacts
    .map(({ task, name, metadata }) => valuesTable(`${task} · ${name}`, metadata))
    .filter((table) => table !== undefined);
  if (tables.length === 0) return undefined;
  return section(id, title, html`<div class="columns">${tables}</div>`);
}
