// Sends what is known of a run, in the portions that MLflow takes.

import type { MadeArtifact, MlflowClient, TrackedRun } from '../../mlflow/index.js';
import type { RunFacts } from './run-facts.js';

// Limits of one request: https://mlflow.org/docs/latest/rest-api.html#request-limits
const PARAMS_AT_ONCE = 100;
const METRICS_AT_ONCE = 1000;
const DATASETS_AT_ONCE = 100;
/** Of a whole run: a loop of thousands of items would fill MLflow's tables, and its pages. */
const MOST_METRICS = 10_000;
const MOST_DATASETS = 1000;
/** MLflow's limit on a dataset's digest. */
const DIGEST_CHARS = 36;

/** Logs parameters, tags, metrics and data sets. @returns what was left out, as sentences. @throws E_MLFLOW */
export async function logFacts(
  client: MlflowClient,
  { id }: TrackedRun,
  facts: RunFacts,
): Promise<string[]> {
  const metrics = facts.metrics.slice(0, MOST_METRICS);
  const datasets = facts.datasets.filter(({ artifact }) => artifact.digest !== undefined);
  const known = datasets.slice(0, MOST_DATASETS);
  for (const params of portions(facts.params, PARAMS_AT_ONCE)) {
    await client.post('runs/log-batch', { run_id: id, params });
  }
  await client.post('runs/log-batch', { run_id: id, tags: facts.tags });
  for (const some of portions(metrics, METRICS_AT_ONCE)) {
    await client.post('runs/log-batch', { run_id: id, metrics: some });
  }
  for (const some of portions(known, DATASETS_AT_ONCE)) {
    await client.post('runs/log-inputs', { run_id: id, datasets: some.map(datasetInput) });
  }
  return [
    ...leftOut('metrics', facts.metrics.length, metrics.length),
    ...leftOut('data sets', datasets.length, known.length),
  ];
}

function datasetInput({ task, output, artifact }: MadeArtifact): object {
  const { uri, digest = '', sizeBytes } = artifact;
  return {
    tags: [{ key: 'mlflow.data.context', value: `${task}.${output}`.slice(0, 500) }],
    dataset: {
      name: `${task}.${output}`.slice(0, 500),
      digest: digest.replace('sha256:', '').slice(0, DIGEST_CHARS),
      source_type: uri.split(':')[0],
      source: JSON.stringify({ uri, digest }),
      ...(sizeBytes !== undefined && { profile: JSON.stringify({ sizeBytes }) }),
    },
  };
}

function leftOut(what: string, all: number, sent: number): string[] {
  return all > sent ? [`Only ${sent} of ${all} ${what} were sent to MLflow.`] : [];
}

function portions<Item>(items: readonly Item[], size: number): (readonly Item[])[] {
  const parts: (readonly Item[])[] = [];
  for (let start = 0; start < items.length; start += size) {
    parts.push(items.slice(start, start + size));
  }
  return parts;
}
