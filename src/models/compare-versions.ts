// Versions of models side by side.

import { compareValues, type ComparedValues } from '../util/index.js';
import type { ModelVersionView } from './fold-model.js';

export interface VersionComparison {
  readonly versions: readonly {
    readonly name: string;
    readonly version: number;
    readonly stage: ModelVersionView['stage'];
    readonly digest: string;
    readonly runId: string;
  }[];
  readonly metrics: readonly ComparedValues[];
  /** Digests by name. */
  readonly data: readonly ComparedValues[];
  /** Digests by task; `environment of <task>` beside the code. */
  readonly code: readonly ComparedValues[];
}

/** Compares versions: their numbers, and what they were made from. */
export function compareVersions(versions: readonly ModelVersionView[]): VersionComparison {
  return {
    versions: versions.map(({ name, version, stage, model, run }) => ({
      name,
      version,
      stage,
      digest: model.digest,
      runId: run.runId,
    })),
    metrics: compareValues(versions.map(({ metrics }) => byName(metrics))),
    data: compareValues(
      versions.map(
        ({ data }) => new Map(data.map(({ name, digest, uri }) => [name, digest ?? uri])),
      ),
    ),
    code: compareValues(
      versions.map(({ code, environments }) => {
        const others = Object.entries(environments).map(
          ([task, digest]) => [`environment of ${task}`, digest] as const,
        );
        return new Map([...byName(code), ...others]);
      }),
    ),
  };
}

function byName<Value>(values: Readonly<Record<string, Value>>): Map<string, Value> {
  return new Map(Object.entries(values));
}
