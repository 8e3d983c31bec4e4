// Versions of models side by side.

import { canonicalJson, type JsonValue } from '../util/index.js';
import type { ModelVersionView } from './fold-model.js';

/** One fact over all versions, in their order; null where a version has none. */
export interface ComparedFact {
  readonly name: string;
  readonly values: readonly JsonValue[];
  /** Whether any version differs from the first. */
  readonly differs: boolean;
}

export interface VersionComparison {
  readonly versions: readonly {
    readonly name: string;
    readonly version: number;
    readonly stage: ModelVersionView['stage'];
    readonly digest: string;
    readonly runId: string;
  }[];
  readonly metrics: readonly ComparedFact[];
  /** Digests by name. */
  readonly data: readonly ComparedFact[];
  /** Digests by task; `environment of <task>` beside the code. */
  readonly code: readonly ComparedFact[];
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
    metrics: compared(versions.map(({ metrics }) => metrics)),
    data: compared(
      versions.map(({ data }) =>
        Object.fromEntries(data.map(({ name, digest, uri }) => [name, digest ?? uri])),
      ),
    ),
    code: compared(
      versions.map(({ code, environments }) => ({
        ...code,
        ...Object.fromEntries(
          Object.entries(environments).map(([task, digest]) => [`environment of ${task}`, digest]),
        ),
      })),
    ),
  };
}

function compared(all: readonly Readonly<Record<string, JsonValue>>[]): ComparedFact[] {
  const names = new Set(all.flatMap((each) => Object.keys(each)));
  return [...names].map((name) => {
    const values = all.map((each) => each[name] ?? null);
    const [first, ...others] = values.map(canonicalJson);
    return { name, values, differs: others.some((other) => other !== first) };
  });
}
