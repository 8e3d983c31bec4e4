// Runs tasks as processes of this machine.
//
// P1. An execution's processes are its supervisor's session and below; see anneal_launcher/supervise.py.
// P2. User code never runs in the worker, nor through a shell of ours.
// P3. The install preamble of a component is not executed: its environment is prepared instead.

import path from 'node:path';
import type { EnvironmentDescription } from '../../contract/index.js';
import { platformUnsupported, taskCanceled, taskLetGo, taskLost } from '../../errors/task.js';
import type { PlatformSettings } from '../../ir/platform/index.js';
import {
  LET_GO,
  type ContainerChoice,
  type LaunchOutcome,
  type LaunchSpec,
  type RunnableSpec,
  type Runner,
} from '../runner.js';
import { isVolumeImage } from '../volume-task.js';
import { applyPlatform, checkFields } from '../platform/apply-platform.js';
import { BaseEnvironment, digestOf } from './base-environment.js';
import { ClusterObjects } from '../platform/cluster-objects.js';
import { inventoryOf } from './inventory-of.js';
import { launchRequest, preloadOf } from './launch-request.js';
import {
  EnvironmentStore,
  type EnvironmentNeed,
  type PythonEnvironment,
} from './environment-store.js';
import { ExecutionFolder, isFinal, type ExitRecord } from './execution-folder.js';
import { exitError } from './exit-error.js';
import type { ImageRule } from './image-rules.js';
import { followExecution, type Followed } from './follow-execution.js';
import { MountAbility } from './mount-ability.js';
import { planLaunch, type LaunchPlan } from './plan-launch.js';
import { startSupervisor } from './start-supervisor.js';
import { tasksDigest } from './tasks-digest.js';
import { ZygotePool } from './zygote-pool.js';

export interface ProcessRunnerOptions {
  /** Python of the base environment, which has KFP's executor. */
  readonly basePython: string;
  /** Folder with anneal_launcher and anneal_tasks. */
  readonly pythonTasksFolder: string;
  /** Path of uv; absent: environments are built by venv and pip. */
  readonly uv?: string;
  /** Where environments are kept; shared by the workers of a machine. */
  readonly environmentsFolder: string;
  /** Folder of secrets, config maps, volumes and workspaces; default: beside the environments. */
  readonly home?: string;
  /** Seconds without any worker after which a task is ended. Default 120. */
  readonly orphanSeconds?: number;
  /** Seconds between TERM and KILL. Default 10. */
  readonly graceSeconds?: number;
  readonly onProgress?: (message: string) => void;
  /** The user's own rules for images. */
  readonly imageRules?: readonly ImageRule[];
}

/** Makes a runner of processes. */
export function createProcessRunner(options: ProcessRunnerOptions): Runner {
  return new ProcessRunner(options);
}

class ProcessRunner implements Runner {
  readonly name = 'process';
  readonly files = 'host';
  private readonly base: BaseEnvironment;
  private readonly environments: EnvironmentStore;
  private readonly zygotes: ZygotePool;
  private readonly mounting: MountAbility;
  readonly volumes: ClusterObjects;
  private readonly stopping = new AbortController();
  private readonly active = new Set<Promise<unknown>>();
  private readonly orphanSeconds: number;
  private readonly graceSeconds: number;

  constructor(private readonly options: ProcessRunnerOptions) {
    const { basePython, pythonTasksFolder, environmentsFolder, uv } = options;
    this.base = new BaseEnvironment(basePython, pythonTasksFolder);
    this.environments = new EnvironmentStore({
      base: this.base,
      folder: environmentsFolder,
      uv,
      onProgress: options.onProgress ?? (() => undefined),
    });
    this.zygotes = new ZygotePool(pythonTasksFolder);
    this.mounting = new MountAbility(basePython, pythonTasksFolder);
    this.volumes = new ClusterObjects(options.home ?? path.dirname(environmentsFolder));
    this.orphanSeconds = options.orphanSeconds ?? 120;
    this.graceSeconds = options.graceSeconds ?? 10;
  }

  async check(spec: RunnableSpec): Promise<void> {
    if (!isVolumeImage(spec.image)) await planLaunch(spec, this.options);
    const { component, platform } = spec;
    if (platform === undefined) return;
    checkFields(component, platform.fields);
    for (const wanted of platform.variables) this.volumes.variableFile(component, wanted);
    for (const mount of platform.mounts) this.volumes.check(component, mount);
    await this.checkMounting(component, platform);
  }

  endRun(runId: string): Promise<void> {
    return this.volumes.removeWorkspace(runId);
  }

  async environmentDigest(spec: ContainerChoice): Promise<string> {
    const plan = await planLaunch(spec, this.options);
    return this.digestFor(plan, spec.image, await this.environments.digest(needOf(plan)));
  }

  async describeEnvironment(spec: ContainerChoice): Promise<EnvironmentDescription> {
    const plan = await planLaunch(spec, this.options);
    const { python } = await this.environments.prepare(needOf(plan));
    return inventoryOf(python, this.options.pythonTasksFolder);
  }

  async run(spec: LaunchSpec, signal: AbortSignal): Promise<LaunchOutcome> {
    const running = this.runOnce(spec, signal);
    const settled = running.catch(() => undefined).finally(() => this.active.delete(settled));
    this.active.add(settled);
    return running;
  }

  async isRunning({
    id,
    folder: attemptFolder,
  }: Pick<LaunchSpec, 'id' | 'folder'>): Promise<boolean> {
    const folder = new ExecutionFolder(id, attemptFolder);
    return (await hasEnded(folder)) || (await folder.liveLease()) !== undefined;
  }

  /** Ends what is in its hands; executions that it let go of are not. */
  async close(): Promise<void> {
    this.stopping.abort();
    await this.environments.close();
    await Promise.all(this.active);
    await this.zygotes.close();
  }

  private async runOnce(spec: LaunchSpec, signal: AbortSignal): Promise<LaunchOutcome> {
    const stop = AbortSignal.any([signal, this.stopping.signal]);
    const folder = new ExecutionFolder(spec.id, spec.folder);
    const plan = await planLaunch(spec, this.options);
    const environment = await this.environmentFor(plan, folder, stop, spec);
    const followed = await this.follow(spec, plan, environment, folder, stop);
    const failure = await this.failureOf(followed, spec, folder, signal);
    if (failure !== undefined) throw failure;
    const { exit } = followed as { exit: ExitRecord };
    return {
      environmentDigest: await this.digestFor(plan, spec.image, environment.digest),
      logPath: folder.logPath,
      peakMemoryBytes: exit.maxRssBytes,
      startedAt: exit.startedAt,
      finishedAt: exit.finishedAt,
    };
  }

  /** A finished or running execution needs no environment built for it. */
  private async environmentFor(
    plan: LaunchPlan,
    folder: ExecutionFolder,
    stop: AbortSignal,
    spec: LaunchSpec,
  ): Promise<PythonEnvironment> {
    if ((await hasEnded(folder)) || (await folder.liveLease()) !== undefined) {
      const digest = await this.environments.digest(needOf(plan));
      return { python: this.base.python, digest };
    }
    return orAbort(this.environments.prepare(needOf(plan)), stop, spec.id.task);
  }

  private async follow(
    spec: LaunchSpec,
    plan: LaunchPlan,
    environment: PythonEnvironment,
    folder: ExecutionFolder,
    stop: AbortSignal,
  ): Promise<Followed> {
    const { pythonTasksFolder: tasks } = this.options;
    const { graceSeconds, orphanSeconds } = this;
    return followExecution({
      folder,
      signal: stop,
      graceSeconds,
      orphanSeconds,
      start: async () => {
        const ready = await this.environments.prepare(needOf(plan));
        if (spec.platform) await this.checkMounting(spec.id.task, spec.platform);
        const platform =
          spec.platform &&
          (await applyPlatform(spec.platform, spec.id, this.volumes, folder.scratch));
        const context = { spec, plan, environment: ready, folder, tasksFolder: tasks, platform };
        const request = launchRequest(context, { graceSeconds, orphanSeconds });
        const source = plan.program.kind === 'python' ? plan.program.source : undefined;
        await folder.writeRequest(request, source, platform?.folders);
        return this.start(ready.python, request.python && preloadOf(plan, spec), folder);
      },
      sweep: async () => {
        await startSupervisor(environment.python, tasks, folder.requestPath, { sweep: true });
      },
    });
  }

  private async checkMounting(task: string, { mounts }: PlatformSettings): Promise<void> {
    const [first] = mounts;
    const refusal = first && (await this.mounting.refusal());
    if (refusal !== undefined) throw platformUnsupported(task, first!.where, refusal);
  }

  private async start(
    python: string,
    preload: readonly string[] | undefined,
    folder: ExecutionFolder,
  ): Promise<number> {
    if (preload !== undefined) {
      try {
        return await this.zygotes.launch(python, preload, folder.requestPath);
      } catch {
        // A zygote that cannot fork started nothing; a fresh interpreter is only slower.
      }
    }
    return startSupervisor(python, this.options.pythonTasksFolder, folder.requestPath);
  }

  private async failureOf(
    followed: Followed,
    spec: LaunchSpec,
    folder: ExecutionFolder,
    signal: AbortSignal,
  ): Promise<Error | undefined> {
    if ('goesOn' in followed) return taskLetGo(spec.id.task);
    const isCanceled = signal.aborted && signal.reason !== LET_GO;
    if ('exit' in followed) return exitError(followed.exit, spec, folder, isCanceled);
    return signal.aborted ? taskCanceled(spec.id.task) : taskLost(spec.id.task, followed.lost);
  }

  private async digestFor(plan: LaunchPlan, image: string, environment: string): Promise<string> {
    if (plan.usesTasks) {
      const tasks = await tasksDigest(path.join(this.options.pythonTasksFolder, 'anneal_tasks'));
      return digestOf({ environment, tasks });
    }
    if (plan.program.kind === 'python') return environment;
    return digestOf({ environment, standsInFor: image });
  }
}

async function hasEnded(folder: ExecutionFolder): Promise<boolean> {
  const exit = await folder.readExit();
  return exit !== undefined && isFinal(JSON.parse(exit) as ExitRecord);
}

function needOf({ install, program, python }: LaunchPlan): EnvironmentNeed {
  const executor = program.kind === 'python' ? program.module : undefined;
  return { steps: install, executor, python };
}

async function orAbort<T>(work: Promise<T>, signal: AbortSignal, task: string): Promise<T> {
  if (signal.aborted) throw taskCanceled(task);
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(taskCanceled(task));
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
