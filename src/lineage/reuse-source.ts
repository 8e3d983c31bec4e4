// What earlier runs leave for one that goes on from them.
//
// U1. Reuse is by content, as the cache's: code, inputs, environment and platform settings must be the same.
//     Unlike the cache it looks at given runs only, and also at tasks whose caching is off.
// U2. An execution is given only when every output's bytes are there and match their digest.
// U3. What makes something outside the store is never reused: deployments, volumes, the run's workspace.
// U4. The nearest run decides; within it the task of the same path. Where caching is on, any task of the same
//     content will do; where it is off, two tasks with the same content are two, as repeated samples are.

import { isAnnealError } from '../errors/index.js';
import type { ArtifactRef, TaskValues } from '../contract/index.js';
import type { ComponentSpecJson, ExecutorSpecJson } from '../ir/index.js';
import type { PlatformSettings } from '../ir/platform/index.js';
import { sha256Of, type ArtifactStore } from '../storage/index.js';
import { canonicalJson, plainJson } from '../util/index.js';
import { componentDigest, inputIdentity } from './cache-key.js';
import { codeDigest } from './code-digest.js';
import { countingSettings } from './counting-settings.js';
import { readManifest, type ExecutionManifest } from './execution-manifest.js';
import { readFailure } from './failure-record.js';
import { manifestKey, runFolder } from './keys.js';
import type { SpecReader } from './spec-reader.js';

/** A task about to run. */
export interface WantedExecution {
  readonly task: string;
  readonly component: ComponentSpecJson;
  readonly executor: ExecutorSpecJson;
  readonly inputs: TaskValues;
  readonly platform?: PlatformSettings;
  /** Absent where it cannot be known; it is not compared then. */
  readonly environmentDigest?: string;
  /** Caching is on for the task (U4). */
  readonly isCached: boolean;
}

/** `reason` completes "it runs, because …". */
export type Reuse =
  | { readonly found: { readonly manifest: ExecutionManifest; readonly manifestKey: string } }
  | { readonly found?: undefined; readonly reason: string };

/** Finds executions of a list of runs that have ended, the nearest first. */
export class ReuseSource {
  private readonly contents = new Map<string, Promise<ReadonlyMap<string, string>>>();

  constructor(
    private readonly store: ArtifactStore,
    private readonly specs: SpecReader,
    readonly runs: readonly string[],
  ) {}

  /** Finds an execution to reuse, or why there is none. */
  async find(wanted: WantedExecution): Promise<Reuse> {
    if (wanted.platform?.mounts.some(({ kind }) => kind === 'workspace') === true) {
      return { reason: 'never reused: it works in the workspace of its run' }; // U3
    }
    let first: string | undefined;
    for (const runId of this.runs) {
      const atPath = await this.tryManifest(wanted, manifestKey(runId, wanted.task));
      const reuse = atPath?.found ? atPath : ((await this.elsewhere(runId, wanted)) ?? atPath);
      if (reuse?.found) return reuse;
      first ??= reuse?.reason;
    }
    return { reason: first ?? (await this.whyAbsent(wanted.task)) };
  }

  /** @returns undefined when there is no such manifest */
  private async tryManifest(wanted: WantedExecution, key: string): Promise<Reuse | undefined> {
    const manifest = await whenTrusted(() => readManifest(this.store, key));
    if (manifest === 'damaged') return { reason: 'its record is damaged' };
    if (manifest === undefined) return undefined;
    const reason = (await this.difference(manifest, wanted)) ?? (await this.damage(manifest));
    return reason === undefined ? { found: { manifest, manifestKey: key } } : { reason };
  }

  /** U4 */
  private async elsewhere(runId: string, wanted: WantedExecution): Promise<Reuse | undefined> {
    if (!wanted.isCached) return undefined;
    let contents = this.contents.get(runId);
    if (contents === undefined) {
      contents = this.readContents(runId);
      this.contents.set(runId, contents);
      contents.catch(() => this.contents.delete(runId));
    }
    const code = componentDigest(wanted.component, wanted.executor);
    const key = (await contents).get(contentKey(code, wanted.inputs));
    const reuse = key === undefined ? undefined : await this.tryManifest(wanted, key);
    return reuse?.found ? reuse : undefined;
  }

  private async readContents(runId: string): Promise<ReadonlyMap<string, string>> {
    const contents = new Map<string, string>();
    for await (const { key } of this.store.list(`${runFolder(runId)}/tasks`)) {
      if (!key.endsWith('/_manifest.json')) continue;
      const manifest = await whenTrusted(() => readManifest(this.store, key));
      if (manifest === 'damaged' || manifest?.componentDigest === undefined) continue;
      contents.set(contentKey(manifest.componentDigest, manifest.inputs), key);
    }
    return contents;
  }

  /** The first thing in which the earlier execution is another one (U1, U3). */
  private async difference(
    manifest: ExecutionManifest,
    wanted: WantedExecution,
  ): Promise<string | undefined> {
    if (manifest.environmentDigest === undefined || manifest.deployment !== undefined) {
      return 'never reused: it makes something outside the store'; // U3
    }
    if (!(await this.isSameCode(manifest, wanted))) return 'its code changed';
    const input = changedInput(manifest.inputs, wanted.inputs);
    if (input !== undefined) return input;
    const { environmentDigest } = wanted;
    if (environmentDigest !== undefined && environmentDigest !== manifest.environmentDigest) {
      return 'its environment changed';
    }
    return manifest.platformDigest === platformDigest(wanted.platform)
      ? undefined
      : 'its platform settings changed';
  }

  private async isSameCode(
    manifest: ExecutionManifest,
    { component, executor }: WantedExecution,
  ): Promise<boolean> {
    if (manifest.componentDigest === componentDigest(component, executor)) return true;
    const before = await this.specs.code(manifest.run, manifest.component);
    if (before === undefined) return false;
    return codeDigest(before.component, before.executor) === codeDigest(component, executor);
  }

  /** Why the outputs cannot be given (U2). */
  private async damage({ outputs }: ExecutionManifest): Promise<string | undefined> {
    for (const artifact of Object.values(outputs.artifacts).flat()) {
      const fault = await this.faultOf(artifact);
      if (fault !== undefined) return `its output "${artifact.name}" ${fault}`;
    }
    return undefined;
  }

  private async faultOf({ uri, digest }: ArtifactRef): Promise<string | undefined> {
    if (digest === undefined || this.store.keyOf(uri) === undefined) {
      return 'lies outside the store';
    }
    const content = await whenTrusted(() => this.store.inspect(uri));
    if (content === undefined) return 'is gone';
    return content === 'damaged' || content.digest !== digest ? 'is damaged' : undefined;
  }

  private async whyAbsent(task: string): Promise<string> {
    const [runId = ''] = this.runs;
    const failure = await whenTrusted(() => readFailure(this.store, runId, task, 1));
    return failure === undefined ? 'it had no result before' : 'it failed before';
  }
}

/** Digests platform settings as manifests record them; undefined for none. */
export function platformDigest(platform: PlatformSettings | undefined): string | undefined {
  return platform === undefined
    ? undefined
    : sha256Of(canonicalJson(plainJson(countingSettings(platform))));
}

/** The name of the first input that is another one, in words. */
function changedInput(before: TaskValues, now: TaskValues): string | undefined {
  const [earlier, later] = [inputIdentity(before), inputIdentity(now)];
  const names = [...new Set([...Object.keys(later), ...Object.keys(earlier)])];
  const changed = names.find(
    (name) => canonicalJson(earlier[name] ?? null) !== canonicalJson(later[name] ?? null),
  );
  if (changed !== undefined)
    return `its input "${changed.slice(changed.indexOf('.') + 1)}" changed`;
  const unknown = Object.entries(now.artifacts).find(([, list]) =>
    list.some(({ digest }) => digest === undefined),
  );
  return unknown && `the content of its input "${unknown[0]}" is not known to the store`;
}

function contentKey(code: string, inputs: TaskValues): string {
  return sha256Of(canonicalJson({ code, inputs: inputIdentity(inputs) }));
}

/** Damaged records and artifacts are an answer; a store that cannot be read stays an error. */
async function whenTrusted<T>(read: () => Promise<T>): Promise<T | 'damaged'> {
  try {
    return await read();
  } catch (error) {
    const isDamage =
      isAnnealError(error) && ['E_RECORD', 'E_ARTIFACT', 'E_STORE_KEY'].includes(error.code);
    if (isDamage) return 'damaged';
    throw error;
  }
}
