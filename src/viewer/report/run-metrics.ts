// The metrics of a run, as KFP's Metrics and ClassificationMetrics artifacts hold them in metadata.

import type { ArtifactRef, RunView, TaskView } from '../../contract/index.js';
import type { JsonObject, JsonValue } from '../../util/index.js';

export interface MetricsArtifact {
  readonly task: string;
  /** Name of the output. */
  readonly name: string;
  readonly metadata: JsonObject;
}

export interface Importance {
  readonly feature: string;
  readonly share: number;
}

const DATA_REPORT = /^data_?report$/i;
const IMPORTANCES = /importances?$/i;

/** Scalar metrics of every task, without data reports and feature importances. */
export function scalarMetrics(view: RunView): MetricsArtifact[] {
  return metricsArtifacts(view, 'system.Metrics').filter(
    ({ name }) => !DATA_REPORT.test(name) && !IMPORTANCES.test(name),
  );
}

/** What was found in the data before training. */
export function dataReports(view: RunView): MetricsArtifact[] {
  return metricsArtifacts(view, 'system.Metrics').filter(({ name }) => DATA_REPORT.test(name));
}

/** Confusion matrices and ROC curves. */
export function classificationMetrics(view: RunView): MetricsArtifact[] {
  return metricsArtifacts(view, 'system.ClassificationMetrics');
}

/** Feature importances, largest first; empty when the run has none. */
export function featureImportances(view: RunView): Importance[] {
  return metricsArtifacts(view, 'system.Metrics')
    .filter(({ name }) => IMPORTANCES.test(name))
    .flatMap(({ metadata }) => numbersOf(metadata))
    .map(([feature, share]) => ({ feature, share }))
    .sort((left, right) => right.share - left.share || left.feature.localeCompare(right.feature));
}

/** The numbers of a metadata object, in its order. */
export function numbersOf(metadata: JsonObject): [name: string, value: number][] {
  return Object.entries(metadata).filter((entry): entry is [string, number] => isNumber(entry[1]));
}

/** One number by name from the scalar metrics of a task. */
export function findNumber(task: TaskView, names: readonly string[]): number | undefined {
  const values = [
    task.outputs?.parameters ?? {},
    ...artifactsOf(task, 'system.Metrics').map(({ metadata }) => metadata),
  ];
  for (const name of names) {
    const found = values.map((object) => object[name]).find(isNumber);
    if (found !== undefined) return found;
  }
  return undefined;
}

function metricsArtifacts(view: RunView, type: string): MetricsArtifact[] {
  return view.tasks.flatMap((task) =>
    artifactsOf(task, type).map(({ name, metadata }) => ({ task: task.name, name, metadata })),
  );
}

function artifactsOf(task: TaskView, type: string): ArtifactRef[] {
  if (task.kind === 'dag' || task.kind === 'loop') return []; // only pass on what inner tasks made
  return Object.entries(task.outputs?.artifacts ?? {}).flatMap(([output, artifacts]) =>
    artifacts
      .filter((artifact) => artifact.type === type)
      .map((artifact) => ({ ...artifact, name: output })),
  );
}

function isNumber(value: JsonValue | undefined): value is number {
  return typeof value === 'number';
}
