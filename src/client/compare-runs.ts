// Runs side by side: their parameters and their metrics.

import { metricValues, type RunView } from '../contract/index.js';
import { canonicalJson, type JsonValue } from '../util/index.js';

/** One parameter or metric over all runs, in their order; null where a run has none. */
export interface ComparedValues {
  readonly name: string;
  readonly values: readonly JsonValue[];
  /** Whether any run differs from the first. */
  readonly differs: boolean;
}

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
    parameters: compared(views.map(({ parameters }) => new Map(Object.entries(parameters)))),
    metrics: compared(views.map(metricsOf)),
  };
}

function metricsOf({ tasks }: RunView): Map<string, JsonValue> {
  const metrics = tasks
    .filter(({ kind }) => kind !== 'dag' && kind !== 'loop') // only pass on what inner tasks made
    .flatMap(({ name, outputs }) => (outputs === undefined ? [] : metricValues(name, outputs)));
  return new Map(metrics.map(({ name, value }) => [name, value]));
}

/** Brings the values of several runs together, by name. */
function compared(runs: readonly ReadonlyMap<string, JsonValue>[]): ComparedValues[] {
  const names = new Set(runs.flatMap((run) => [...run.keys()]));
  return [...names].map((name) => {
    const values = runs.map((run) => run.get(name) ?? null);
    const [first, ...others] = values.map(canonicalJson);
    return { name, values, differs: others.some((other) => other !== first) };
  });
}
