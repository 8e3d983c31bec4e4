import type { JsonObject } from '../util/index.js';
import type { MlflowClient } from './mlflow-client.js';
import { scalarText } from './scalar-text.js';

/** The tag by which a run of Anneal is found in MLflow. */
export const RUN_TAG = 'anneal.run_id';

/** A run as MLflow keeps it. */
export interface TrackedRun {
  readonly id: string;
  /** Where its artifacts are, or are taken: `mlflow-artifacts:/1/…/artifacts`, `s3://…`. */
  readonly artifactUri: string;
}

/** Lists MLflow's runs for a run of ours, the first one first; more than one only after a race. @throws E_MLFLOW */
export async function findTrackedRuns(
  client: MlflowClient,
  experiment: string,
  runId: string,
): Promise<TrackedRun[]> {
  const { runs = [] } = await client.post('runs/search', {
    experiment_ids: [experiment],
    filter: `tags.\`${RUN_TAG}\` = '${runTag(runId)}'`,
    order_by: ['attribute.start_time ASC', 'attribute.run_id ASC'],
    max_results: 100,
  });
  return (runs as readonly JsonObject[]).map(trackedRun);
}

/** A run's id as MLflow's filters can hold it: with quotes escaped as in addresses. Most ids are as they were. */
export function runTag(runId: string): string {
  return encodeURIComponent(runId).replaceAll("'", '%27');
}

/** Reads a run of an answer. */
export function trackedRun({ info }: JsonObject): TrackedRun {
  const { run_id: id, artifact_uri: artifactUri } = info as JsonObject;
  return { id: scalarText(id), artifactUri: scalarText(artifactUri) };
}
