// What is told of a run that has ended, as MLflow's words.
//
// F1. The same run gives the same facts, times included: MLflow takes a metric that it has already for the same one.

import { metricValues, type RunEvent, type RunView } from '../../contract/index.js';
import type { ExecutionManifest } from '../../lineage/index.js';
import type { MadeArtifact } from '../../mlflow/index.js';
import { mlflowKey, mlflowParam, mlflowTag } from './mlflow-names.js';

export interface KeyValue {
  readonly key: string;
  readonly value: string;
}

export interface Metric {
  readonly key: string;
  readonly value: number;
  /** Milliseconds since the epoch. */
  readonly timestamp: number;
  readonly step: 0;
}

export interface RunFacts {
  readonly params: readonly KeyValue[];
  readonly tags: readonly KeyValue[];
  readonly metrics: readonly Metric[];
  readonly datasets: readonly MadeArtifact[];
  /** Models and pages, to be copied. */
  readonly files: readonly MadeArtifact[];
  readonly status: 'FINISHED' | 'FAILED' | 'KILLED';
  readonly endTime: number;
}

export interface RunRecords {
  readonly event: RunEvent;
  /** Absent for a run that was refused before anything started. */
  readonly view?: RunView;
  readonly manifests: readonly ExecutionManifest[];
}

const STATUS = { succeeded: 'FINISHED', failed: 'FAILED', canceled: 'KILLED' } as const;
const COPIED = new Set(['system.Model', 'system.HTML', 'system.Markdown']);

/** Gathers what MLflow is told of an ended run. */
export function runFacts({ event, view, manifests }: RunRecords): RunFacts {
  const { status, finishedAt } = event.run;
  const made = manifests.flatMap(madeArtifacts);
  return {
    params: Object.entries(view?.parameters ?? {}).map(([name, value]) => ({
      key: mlflowKey(name),
      value: mlflowParam(value),
    })),
    tags: endTags(event, view, manifests),
    metrics: manifests.flatMap(metricsOf),
    datasets: made.filter(({ artifact }) => artifact.type === 'system.Dataset'),
    files: made.filter(({ artifact }) => COPIED.has(artifact.type)),
    status: status === 'running' ? 'FAILED' : STATUS[status],
    endTime: Date.parse(finishedAt ?? event.time),
  };
}

/** What is known of a run when it starts. */
export function startTags({ run }: RunEvent): KeyValue[] {
  return tagsOf({
    'anneal.pipeline': run.pipeline,
    'anneal.version': run.version?.toString(),
    'anneal.digest': run.digest,
    'mlflow.source.name': run.source?.path ?? run.pipeline,
    'mlflow.source.type': 'JOB',
    'mlflow.source.git.commit': run.source?.commit,
    'mlflow.source.git.repoURL': run.source?.repository,
    'mlflow.source.git.dirty': run.source?.dirty.toString(),
  });
}

function endTags(
  { deployment, error }: RunEvent,
  view: RunView | undefined,
  manifests: readonly ExecutionManifest[],
): KeyValue[] {
  const code = manifests.map(({ task, componentDigest }) => [task, componentDigest]);
  return tagsOf({
    'anneal.deployment': deployment?.status,
    'anneal.endpoint': deployment?.endpoint,
    'anneal.deployment.reason': deployment?.reason,
    'anneal.error': error && `${error.code}: ${error.message}`,
    'anneal.retried_from': view?.retriedFrom,
    'anneal.code': code.length === 0 ? undefined : JSON.stringify(Object.fromEntries(code)),
  });
}

function tagsOf(tags: Readonly<Record<string, string | undefined>>): KeyValue[] {
  return Object.entries(tags).flatMap(([key, value]) =>
    value === undefined || value === '' ? [] : [{ key, value: mlflowTag(value) }],
  );
}

function madeArtifacts({ task, outputs }: ExecutionManifest): MadeArtifact[] {
  return Object.entries(outputs.artifacts).flatMap(([output, artifacts]) =>
    artifacts.map((artifact) => ({ task, output, artifact })),
  );
}

function metricsOf({ task, outputs, finishedAt }: ExecutionManifest): Metric[] {
  const timestamp = Date.parse(finishedAt);
  return metricValues(task, outputs).map(({ name, value }) => ({
    key: mlflowKey(name),
    value,
    timestamp,
    step: 0,
  }));
}
