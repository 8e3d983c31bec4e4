// Which data and code made an artifact, and what was made from it.
//
// Q1. An input is traced to the execution that wrote that very address; only when that one is gone to another
//     execution that made the same bytes. So the answer stays within the runs that took part.
// Q2. Every execution is visited once: circles and shared inputs cost nothing.

import type { ArtifactRef } from '../contract/index.js';
import type { ArtifactStore } from '../storage/index.js';
import { readIndex } from './artifact-index.js';
import { readManifest, type ExecutionManifest } from './execution-manifest.js';
import { manifestKey, type ArtifactRole } from './keys.js';

export interface Lineage {
  readonly digest: string;
  /** Executions that computed these bytes, the earliest first. */
  readonly madeBy: readonly ExecutionManifest[];
  /** Executions that were answered with these bytes from the cache. */
  readonly reusedBy: readonly ExecutionManifest[];
  readonly usedBy: readonly ExecutionManifest[];
  readonly upstream: Upstream;
}

/** Everything that led to a set of executions. */
export interface Upstream {
  /** The executions and all before them, the earliest first; their componentDigest is the code. */
  readonly executions: readonly ExecutionManifest[];
  /** Data from outside: imported artifacts, and inputs that no recorded execution made. */
  readonly sources: readonly ArtifactRef[];
}

/**
 * Answers where an artifact came from and where it went.
 *
 * @param digest `sha256:<hex>`
 * @throws E_RECORD when a manifest or index entry on the way is damaged
 */
export async function lineageOf(store: ArtifactStore, digest: string): Promise<Lineage> {
  const made = await executionsWith(store, digest, 'made');
  const madeBy = made.filter(({ cachedFrom }) => cachedFrom === undefined);
  return {
    digest,
    madeBy,
    reusedBy: made.filter(({ cachedFrom }) => cachedFrom !== undefined),
    usedBy: await executionsWith(store, digest, 'used'),
    upstream: await upstreamOf(store, madeBy.length > 0 ? madeBy : made),
  };
}

/** Follows the inputs of executions back to imported or unknown data (Q1, Q2). */
export async function upstreamOf(
  store: ArtifactStore,
  executions: readonly ExecutionManifest[],
): Promise<Upstream> {
  const visited = new Map(executions.map((each) => [idOf(each), each]));
  const sources = new Map<string, ArtifactRef>();
  // A Map's iterator also meets what is added while it runs.
  for (const execution of visited.values()) {
    if (execution.runner === 'importer')
      addAll(sources, Object.values(execution.outputs.artifacts));
    for (const input of Object.values(execution.inputs.artifacts).flat()) {
      const maker = await makerOf(store, input);
      if (maker === undefined) addAll(sources, [[input]]);
      else visited.set(idOf(maker), maker);
    }
  }
  return { executions: [...visited.values()].sort(byStart), sources: [...sources.values()] };
}

/** The execution that made an artifact (Q1). */
export async function makerOf(
  store: ArtifactStore,
  { uri, digest }: ArtifactRef,
): Promise<ExecutionManifest | undefined> {
  if (digest === undefined) return undefined;
  const makers = await executionsWith(store, digest, 'made');
  const originals = makers.filter(({ cachedFrom }) => cachedFrom === undefined);
  const candidates = originals.length > 0 ? originals : makers;
  return candidates.find((maker) => wrote(maker, uri)) ?? candidates[0];
}

function wrote(maker: ExecutionManifest, uri: string): boolean {
  return Object.values(maker.outputs.artifacts).some((list) =>
    list.some((each) => each.uri === uri),
  );
}

/** Executions of a role, the earliest first; entries whose manifest was removed are left out. */
async function executionsWith(
  store: ArtifactStore,
  digest: string,
  role: ArtifactRole,
): Promise<ExecutionManifest[]> {
  const executions: ExecutionManifest[] = [];
  for (const entry of await readIndex(store, digest)) {
    if (entry.role !== role) continue;
    const manifest = await readManifest(store, entry.manifestKey);
    if (manifest !== undefined) executions.push(manifest);
  }
  return executions.sort(byStart);
}

function addAll(
  sources: Map<string, ArtifactRef>,
  lists: readonly (readonly ArtifactRef[])[],
): void {
  for (const artifact of lists.flat()) {
    sources.set(`${artifact.uri} ${artifact.digest ?? ''}`, artifact);
  }
}

function idOf({ run, task }: ExecutionManifest): string {
  return manifestKey(run.runId, task);
}

function byStart(left: ExecutionManifest, right: ExecutionManifest): number {
  const byTime = Date.parse(left.startedAt) - Date.parse(right.startedAt);
  return byTime !== 0 ? byTime : idOf(left) < idOf(right) ? -1 : 1;
}
