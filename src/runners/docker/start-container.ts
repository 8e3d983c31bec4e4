// Finds the container of an execution, or makes and starts it.
//
// S1. Of several workers that start one execution, the daemon lets one have the name; the others adopt its container.
// S2. Each try has folders of its own: a worker that wakes up late cannot wipe those of the container that runs.
// S3. A container that was made but never started is its maker's for a while, then anybody's to replace.

import type Docker from 'dockerode';
import { rm } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { daemonRefused } from '../../errors/container.js';
import { taskCanceled } from '../../errors/task.js';
import type { LaunchSpec } from '../runner.js';
import { OWNER_LABEL } from './container-name.js';
import { containerRequest, type ContainerPlan } from './container-request.js';
import { attach } from './copy-log.js';
import { answered, daemonError, isGone, statusOf, type Daemon } from './daemon.js';
import type { ExecutionFolder, TryFolder } from './execution-folder.js';
import { removeContainer } from './reap-containers.js';
import { startError } from './start-error.js';

export interface StartRequest {
  readonly daemon: Daemon;
  readonly name: string;
  readonly owner: string;
  readonly spec: LaunchSpec;
  readonly folder: ExecutionFolder;
  readonly signal: AbortSignal;
  /** Prepares a try, and says what its container is to be. */
  readonly plan: (folders: TryFolder) => Promise<ContainerPlan>;
}

export interface StartedContainer {
  readonly container: Docker.Container;
  readonly labels: Readonly<Record<string, string>>;
  /** It had ended when it was found. */
  readonly wasOver: boolean;
  /** What it prints, when this call started it. */
  readonly output?: Readable;
}

const START_MS = 20_000;
const POLL_MS = 50;
const MAX_ROUNDS = 20;

/** Finds or starts (S1, S2, S3). @throws E_RUNNER, E_IMAGE, E_UNSUPPORTED, E_VALUE_SIZE, E_TASK_CANCELED */
export async function findOrStart(request: StartRequest): Promise<StartedContainer> {
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const found = await find(request);
    if (found !== undefined) return found;
    if (request.signal.aborted) throw taskCanceled(request.spec.id.task);
    const started = await start(request);
    if (started !== undefined) return started;
    await delay(POLL_MS);
  }
  throw daemonRefused(request.spec.id.task, `container ${request.name} cannot be replaced`);
}

async function find(request: StartRequest): Promise<StartedContainer | undefined> {
  const { daemon, name, owner, spec } = request;
  const giveUp = performance.now() + START_MS;
  for (;;) {
    const info = await inspect(daemon, name);
    if (info === undefined) return undefined;
    const labels = info.Config.Labels;
    if (labels[OWNER_LABEL] !== owner) {
      throw daemonRefused(spec.id.task, `a container of somebody else has the name ${name}`);
    }
    const container = daemon.client.getContainer(info.Id);
    const { Status, Running } = info.State;
    if (Running || Status === 'exited') return { container, labels, wasOver: !Running };
    if (performance.now() > giveUp || request.signal.aborted) {
      await removeContainer(container); // S3
      return undefined;
    }
    await delay(POLL_MS);
  }
}

async function inspect(
  { client, address }: Daemon,
  name: string,
): Promise<Docker.ContainerInspectInfo | undefined> {
  try {
    return await answered(client.getContainer(name).inspect());
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw daemonError(address, error, true);
  }
}

/** Undefined when another worker has the name (S1). */
async function start(request: StartRequest): Promise<StartedContainer | undefined> {
  const { daemon, folder, spec } = request;
  const folders = folder.tryFolder();
  const body = containerRequest(await request.plan(folders));
  let container: Docker.Container | undefined;
  let output: Readable | undefined;
  try {
    container = await answered(daemon.client.createContainer(body));
    output = await attach(container);
    await answered(container.start());
    return { container, labels: body.Labels ?? {}, wasOver: false, output };
  } catch (error) {
    output?.destroy();
    const isTaken = statusOf(error) === 409 || (container !== undefined && statusOf(error) === 404);
    if (container !== undefined && !isGone(error)) await removeContainer(container);
    await rm(folders.path, { recursive: true, force: true });
    if (isTaken) return undefined;
    throw startError(error, spec, daemon.address);
  }
}
