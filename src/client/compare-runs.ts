// Runs side by side: their parameters and their metrics.

import { metricValues, type RunView } from '../contract/index.js';
import { compareValues, type ComparedValues, type JsonValue } from '../util/index.js';

export interface RunComparison {
  readonly runs: readonly Pick<
    RunView,
    'runId' | 'pipeline' | 'version' | 'digest' | 'status' | 'startedAt' | 'deployment'
  >[];
  readonly parameters: readonly ComparedValues[];
  /** `<task>.<metric>`. */
  readonly metrics: readonly ComparedValues[];
}

/** Compares runs; names are in the order in which the runs have them. */
export function compareRuns(views: readonly RunView[]): RunComparison {
  return {
    runs: views.map(({ runId, pipeline, version, digest, status, startedAt, deployment }) => ({
      runId,
      pipeline,
      version,
      digest,
      status,
      startedAt,
      deployment,
    })),
    parameters: compareValues(views.map(({ parameters }) => new Map(Object.entries(parameters)))),
    metrics: compareValues(views.map(metricsOf)),
  };
}

function metricsOf({ tasks }: RunView): Map<string, JsonValue> {
  const metrics = tasks
    .filter(({ kind }) => kind !== 'dag' && kind !== 'loop') // only pass on what inner tasks made
    .flatMap(({ name, outputs }) => (outputs === undefined ? [] : metricValues(name, outputs)));
  return new Map(metrics.map(({ name, value }) => [name, value]));
}
