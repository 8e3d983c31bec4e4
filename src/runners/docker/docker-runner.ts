// Runs tasks as containers of this machine's Docker daemon.
//
// P1. An execution has one container, known by its name; a worker that comes later waits for the same one.
// P2. The container ends with the task's record taken, or not at all: it outlives a worker that dies.
// P3. A container holds nothing of the worker: see container-request.ts, container-environment.ts, task-user.ts.

import path from 'node:path';
import { imageNotThere } from '../../errors/container.js';
import { isAnnealError } from '../../errors/index.js';
import { checkFields } from '../platform/apply-platform.js';
import { ClusterObjects } from '../platform/cluster-objects.js';
import type {
  ContainerChoice,
  LaunchOutcome,
  LaunchSpec,
  RunnableSpec,
  Runner,
} from '../runner.js';
import { isVolumeImage } from '../volume-task.js';
import { carryOut } from './carry-out.js';
import { containerName } from './container-name.js';
import type { ContainerPlan } from './container-request.js';
import { daemonError, openDaemon, type Daemon } from './daemon.js';
import { ExecutionFolder, type ExitRecord, type TryFolder } from './execution-folder.js';
import { exitError } from './exit-error.js';
import { withTasksImage } from './image-name.js';
import { ImageStore, type PullPolicy } from './image-store.js';
import { networkFor } from './network-policy.js';
import { planContainer } from './plan-container.js';
import { ContainerReaper } from './reap-containers.js';
import { registryAuth } from './registry-auth.js';
import { taskUser, type TaskUser } from './task-user.js';

export interface DockerRunnerOptions {
  /** Folder of secrets, config maps, volumes and workspaces. */
  readonly home: string;
  /** Who the containers belong to: see ownerOf. */
  readonly owner: string;
  /** `auto`, `none`, `bridge`, or a network of the daemon. Default `auto`. */
  readonly network?: string;
  /** Default `missing`. */
  readonly pull?: PullPolicy;
  /** Image that runs the components of this project; default the one they name. */
  readonly tasksImage?: string;
  /** Seconds without any worker after which a container is ended. Default 120. */
  readonly orphanSeconds?: number;
  /** Seconds between TERM and KILL. Default 10. */
  readonly graceSeconds?: number;
  readonly onProgress?: (message: string) => void;
  /** The worker's environment: where the daemon is, and the package index. Default the process's own. */
  readonly variables?: NodeJS.ProcessEnv;
}

const ORPHAN_SECONDS = 120;
const GRACE_SECONDS = 10;

/** Makes a runner of containers. @throws E_RUNNER when the daemon cannot be used */
export async function createDockerRunner(options: DockerRunnerOptions): Promise<Runner> {
  const variables = options.variables ?? process.env;
  const daemon = await openDaemon(variables);
  return new DockerRunner({ ...options, variables }, daemon);
}

class DockerRunner implements Runner {
  readonly name = 'docker';
  readonly files = 'mounted';
  readonly volumes: ClusterObjects;
  private readonly images: ImageStore;
  private readonly reaper: ContainerReaper;
  private readonly user: TaskUser;
  private readonly stopping = new AbortController();
  private readonly active = new Set<Promise<unknown>>();
  private readonly orphanSeconds: number;
  private readonly graceSeconds: number;
  private readonly privateFolders: string;

  constructor(
    private readonly options: DockerRunnerOptions & { readonly variables: NodeJS.ProcessEnv },
    private readonly daemon: Daemon,
  ) {
    const { home, owner, variables, pull = 'missing', onProgress = () => undefined } = options;
    const { orphanSeconds = ORPHAN_SECONDS, graceSeconds = GRACE_SECONDS } = options;
    this.orphanSeconds = orphanSeconds;
    this.graceSeconds = graceSeconds;
    this.privateFolders = path.join(home, 'containers');
    this.volumes = new ClusterObjects(home);
    this.user = taskUser(daemon.facts);
    const authFor = (image: string) => registryAuth(image, variables);
    this.images = new ImageStore({ daemon, pull, authFor, onProgress });
    const { privateFolders } = this;
    const waits = { orphanSeconds, graceSeconds };
    this.reaper = new ContainerReaper({ daemon, owner, privateFolders, onProgress, ...waits });
    this.reaper.start();
  }

  async check(spec: RunnableSpec): Promise<void> {
    const { component, platform } = spec;
    networkFor(component, this.network, spec);
    if (!isVolumeImage(spec.image) && !hasPlaceholder(spec.image))
      await this.checkImage(spec.image);
    if (platform === undefined) return;
    checkFields(component, platform.fields);
    for (const wanted of platform.variables) this.volumes.variableFile(component, wanted);
    for (const mount of platform.mounts) this.volumes.check(component, mount);
  }

  async environmentDigest({ image }: ContainerChoice): Promise<string> {
    // What stands for the image is among the task's inputs, which are part of the cache key on their own.
    if (hasPlaceholder(image)) return image;
    return this.asking(true, () => this.images.digest(this.imageFor(image)));
  }

  async run(spec: LaunchSpec, signal: AbortSignal): Promise<LaunchOutcome> {
    const running = this.runOnce({ ...spec, image: this.imageFor(spec.image) }, signal);
    const settled = running.catch(() => undefined).finally(() => this.active.delete(settled));
    this.active.add(settled);
    return running;
  }

  async endRun(runId: string): Promise<void> {
    await this.reaper.removeRun(runId);
    await this.volumes.removeWorkspace(runId);
  }

  async close(): Promise<void> {
    this.stopping.abort();
    await Promise.all(this.active);
    await this.reaper.close();
  }

  private async runOnce(spec: LaunchSpec, signal: AbortSignal): Promise<LaunchOutcome> {
    const stop = AbortSignal.any([signal, this.stopping.signal]);
    const folder = new ExecutionFolder(spec.folder);
    await folder.open();
    const earlier = await folder.readExit();
    const exit = earlier ?? (await this.asking(true, () => this.carryOut(spec, folder, stop)));
    const failure = await exitError(exit, spec, folder.logPath);
    if (failure !== undefined) throw failure;
    return {
      environmentDigest: exit.imageDigest,
      logPath: folder.logPath,
      startedAt: exit.startedAt,
      finishedAt: exit.finishedAt,
    };
  }

  private carryOut(
    spec: LaunchSpec,
    folder: ExecutionFolder,
    signal: AbortSignal,
  ): Promise<ExitRecord> {
    const { daemon, user, graceSeconds, orphanSeconds } = this;
    const { owner } = this.options;
    const plan = (folders: TryFolder) => this.plan(spec, folder, folders);
    const tools = { daemon, user, owner, graceSeconds, orphanSeconds, plan };
    return carryOut({ ...tools, ...this.placeOf(spec), spec, folder, signal });
  }

  private plan(
    spec: LaunchSpec,
    folder: ExecutionFolder,
    folders: TryFolder,
  ): Promise<ContainerPlan> {
    const { daemon, user, volumes, images, graceSeconds, network } = this;
    const { home, owner, variables: worker } = this.options;
    const place = this.placeOf(spec);
    const folderOf = { folder: folder.path, folders, privateFolder: place.privateFolder };
    const tools = { daemon, user, volumes, images, home, owner, worker, network, graceSeconds };
    return planContainer({ spec, name: place.name, ...folderOf, ...tools });
  }

  private placeOf({ id }: LaunchSpec): { readonly name: string; readonly privateFolder: string } {
    const name = containerName(this.options.owner, id);
    return { name, privateFolder: path.join(this.privateFolders, name) };
  }

  private async checkImage(image: string): Promise<void> {
    try {
      await this.asking(false, () => this.images.digest(this.imageFor(image)));
    } catch (error) {
      if (!isAnnealError(error) || error.code !== 'E_IMAGE' || !error.retryable) throw error;
      throw imageNotThere(image, String(error.details?.['reason']), error);
    }
  }

  /** @param isUnderWay  the daemon may come back, and the task with it */
  private async asking<T>(isUnderWay: boolean, ask: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (error) {
      throw daemonError(this.daemon.address, error, isUnderWay);
    }
  }

  private imageFor(image: string): string {
    return withTasksImage(image, this.options.tasksImage);
  }

  private get network(): string {
    return this.options.network ?? 'auto';
  }
}

function hasPlaceholder(image: string): boolean {
  return image.includes('{{');
}
