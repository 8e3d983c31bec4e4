// What the store knows of a model's bytes: the numbers, data and code behind them.

import { metricValues, type ArtifactRef } from '../contract/index.js';
import { lineageOf, type ExecutionManifest, type Lineage } from '../lineage/index.js';
import type { ArtifactStore } from '../storage/index.js';
import type { ModelData, ModelVersion } from './model-version.js';

export type ModelFacts = Pick<
  ModelVersion,
  'madeBy' | 'metrics' | 'data' | 'code' | 'environments'
>;

/**
 * Follows a model's lineage back to its data, and forward to what judged it in one run.
 *
 * @param runId  the run whose evaluations count
 * @throws E_RECORD when a record on the way is damaged
 */
export async function gatherFacts(
  store: ArtifactStore,
  digest: string,
  runId: string,
): Promise<ModelFacts> {
  const lineage = await lineageOf(store, digest);
  const { executions } = lineage.upstream;
  const judges = lineage.usedBy.filter(({ run }) => run.runId === runId);
  const told = [...executions, ...judges].flatMap(({ task, outputs }) =>
    metricValues(task, outputs),
  );
  const [maker] = lineage.madeBy.length > 0 ? lineage.madeBy : lineage.reusedBy;
  return {
    ...(maker !== undefined && { madeBy: maker.task }),
    metrics: Object.fromEntries(told.map(({ name, value }) => [name, value])),
    data: dataOf(lineage),
    code: byTask(executions, ({ componentDigest }) => componentDigest),
    environments: byTask(executions, ({ environmentDigest }) => environmentDigest),
  };
}

function dataOf({ upstream }: Lineage): ModelData[] {
  const isSource = new Set(upstream.sources.map(placeOf));
  const made = upstream.executions.flatMap(({ task, outputs }) =>
    Object.entries(outputs.artifacts).flatMap(([output, artifacts]) =>
      artifacts
        .filter((artifact) => artifact.type === 'system.Dataset' || isSource.has(placeOf(artifact)))
        .map((artifact) => ({ name: `${task}.${output}`, artifact })),
    ),
  );
  const known = new Set(made.map(({ artifact }) => placeOf(artifact)));
  const others = upstream.sources
    .filter((artifact) => !known.has(placeOf(artifact)))
    .map((artifact) => ({ name: artifact.name, artifact }));
  return [...made, ...others].map(({ name, artifact }) => ({
    name,
    uri: artifact.uri,
    ...(artifact.digest !== undefined && { digest: artifact.digest }),
    kind: isSource.has(placeOf(artifact)) ? 'source' : 'derived',
  }));
}

function placeOf({ uri, digest }: ArtifactRef): string {
  return `${uri} ${digest ?? ''}`;
}

function byTask(
  executions: readonly ExecutionManifest[],
  valueOf: (execution: ExecutionManifest) => string | undefined,
): Record<string, string> {
  return Object.fromEntries(
    executions.flatMap((execution) => {
      const value = valueOf(execution);
      return value === undefined ? [] : [[execution.task, value]];
    }),
  );
}
