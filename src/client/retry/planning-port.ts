// A world for the interpreter in which nothing runs: tasks give what they gave before, if they gave anything.
//
// L1. A task that would run is taken to make what it made before; what comes after it is marked as depending on it.
// L2. A task that would run and never ended before ends the walk there: what it will make is not known.

import type {
  CacheLookup,
  DeployRequest,
  DeployResult,
  ImportRequest,
  RunPlan,
  SliceRequest,
  SliceResult,
  TaskRequest,
  TaskResult,
  Turn,
  TurnAnswer,
} from '../../contract/index.js';
import { isAnnealError } from '../../errors/index.js';
import { startSlice, TaskFailure, type InterpreterPort } from '../../interpreter/index.js';
import { placeOf, type Pipeline } from '../../ir/index.js';
import { taskPlatform } from '../../ir/platform/index.js';
import {
  keys,
  readManifest,
  type ExecutionManifest,
  type ReuseSource,
} from '../../lineage/index.js';
import { openImportSource, type ArtifactStore } from '../../storage/index.js';
import type { PlannedTask } from './retry-plan.js';

export interface PlanningParts {
  readonly store: ArtifactStore;
  readonly pipeline: Pipeline;
  readonly plan: RunPlan;
  readonly source: ReuseSource;
  /** Status of each task in the run that is retried, by path. */
  readonly before: ReadonlyMap<string, string>;
}

export class PlanningPort implements InterpreterPort {
  readonly planned = new Map<string, PlannedTask>();
  /** Paths of tasks that would run and may make something else (L1). */
  private readonly changed: string[] = [];

  constructor(private readonly parts: PlanningParts) {}

  async lookupCache(request: TaskRequest): Promise<CacheLookup> {
    const { pipeline, source } = this.parts;
    const reason = this.forcedReason(request.task);
    if (reason !== undefined) return { reason: this.note(request.task, 'run', reason) };
    const component = pipeline.spec.components![request.component]!;
    const executor = pipeline.deployment.executors[request.executor]!;
    const { task, inputs, platformNames } = request;
    const platform = taskPlatform(pipeline, request.executor, inputs.parameters, platformNames);
    const { found, ...why } = await source.find({
      ...{ task, component, executor, inputs, platform },
      isCached: request.reuse?.cache === true,
    });
    if (found === undefined) {
      return {
        reason: this.note(task, 'run', this.inWords(task, (why as { reason: string }).reason)),
      };
    }
    const upstream = this.changedBefore(task);
    if (upstream === undefined) this.note(task, 'reuse', this.sameAs(found.manifest));
    else this.note(task, 'depends', `downstream of ${upstream}`);
    return { hit: resultOf(found.manifest, found.manifestKey) };
  }

  async runTask({ task }: TaskRequest): Promise<TaskResult> {
    this.changed.push(task);
    const earlier = await this.earlier(task);
    if (earlier !== undefined) return resultOf(earlier, ''); // L1
    throw notKnown(task); // L2
  }

  async importArtifact(request: ImportRequest): Promise<TaskResult> {
    const { task } = request;
    const earlier = await this.earlier(task);
    const artifact = earlier?.outputs.artifacts['artifact']?.[0];
    const now = await this.digestNow(request);
    const isSame = artifact !== undefined && (now ?? artifact.digest) === artifact.digest;
    this.note(task, 'run', isSame ? 'importers read again: unchanged' : 'importers read again');
    if (artifact === undefined || earlier === undefined) throw notKnown(task);
    const { type, schemaVersion, metadata } = request;
    const read = { ...artifact, digest: now ?? artifact.digest, type, schemaVersion, metadata };
    if (earlier.inputs.parameters['uri'] !== request.uri && now === undefined)
      this.changed.push(task);
    return resultOf(
      { ...earlier, outputs: { parameters: {}, artifacts: { artifact: [read] } } },
      '',
    );
  }

  /** Nobody judges, nobody is asked, and nothing is waited for. */
  judgeModel(): undefined {
    return undefined;
  }

  deployModel({ task, endpointName }: DeployRequest): Promise<DeployResult> {
    this.note(task, 'run', 'never reused: deploys, unless the endpoint serves this very model');
    const deployment = { status: 'promoted', endpoint: endpointName } as const;
    return Promise.resolve({
      deployment,
      outputs: { parameters: {}, artifacts: {} },
      manifestKey: '',
    });
  }

  awaitApproval(): Promise<never> {
    return Promise.reject(new Error('a plan asks nobody'));
  }

  recordApproval(): Promise<never> {
    return Promise.reject(new Error('a plan asks nobody'));
  }

  awaitTurn({ id, endpoint }: Turn): Promise<TurnAnswer> {
    return Promise.resolve({ id, endpoint, granted: true });
  }

  endTurn(): Promise<void> {
    return Promise.resolve();
  }

  runSlice(request: SliceRequest): Promise<SliceResult> {
    const { spec, executors } = this.parts.plan;
    return startSlice({ ...request.header, spec, executors }, request, this).result;
  }

  sleep(): Promise<void> {
    return Promise.resolve();
  }

  now(): number {
    return 0;
  }

  isCanceled(): boolean {
    return false;
  }

  hold(): undefined {
    return undefined;
  }

  private note(name: string, action: PlannedTask['action'], reason: string): string {
    this.planned.set(name, { name, action, reason });
    return reason;
  }

  private forcedReason(task: string): string | undefined {
    const { from } = this.parts.plan.reuse ?? {};
    if (from === undefined) return undefined;
    const place = placeOf(this.parts.pipeline.spec, task, from);
    if (place === 'elsewhere') return undefined;
    return place === 'at' ? 'chosen by --from' : `downstream of ${from}`;
  }

  /** The first task before this one that may make something else. */
  private changedBefore(task: string): string | undefined {
    const { spec } = this.parts.pipeline;
    return this.changed.find((other) => placeOf(spec, task, other) === 'after');
  }

  /** Why nothing answers, as the run's view knows it. */
  private inWords(task: string, reason: string): string {
    const status = this.parts.before.get(task);
    if (status === 'failed') return 'failed before';
    if (status === 'canceled') return 'was canceled before';
    if (status === 'not_triggered' || status === 'pending') return 'did not run before';
    if (status === 'skipped') return 'was skipped before';
    return status === undefined && reason.includes('had no result') ? 'is new' : reason;
  }

  private sameAs({ run, task }: ExecutionManifest): string {
    return `same code and inputs as ${task} of run ${run.runId}`;
  }

  private async earlier(task: string): Promise<ExecutionManifest | undefined> {
    const { store, source } = this.parts;
    for (const runId of source.runs) {
      const key = keys.manifestKey(runId, task);
      const manifest = await readManifest(store, key).catch(() => undefined);
      if (manifest !== undefined) return manifest;
    }
    return undefined;
  }

  /** @returns undefined where this machine cannot read the data, or would have to fetch it first */
  private async digestNow(request: ImportRequest): Promise<string | undefined> {
    if (/^(?!file:)[a-z][a-z0-9+.-]*:\/\//iu.test(request.uri)) return undefined;
    const baseFolder = request.baseFolder ?? process.cwd();
    const policy = { baseFolder, allowedRoots: [], allowAnyPlace: true };
    try {
      return (await openImportSource(request.uri, policy, { store: this.parts.store })).digest;
    } catch (error) {
      if (isAnnealError(error)) return undefined;
      throw error;
    }
  }
}

function resultOf({ outputs }: ExecutionManifest, manifestKey: string): TaskResult {
  return { outputs, manifestKey, cached: false };
}

/** Ends like a cancellation: it is not tried again, and what comes after does not start. */
function notKnown(task: string): TaskFailure {
  return new TaskFailure({ code: 'E_TASK_CANCELED', message: 'not known', task }, true);
}
