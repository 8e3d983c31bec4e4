import { acceleratorMissing } from '../../errors/container.js';
import type { ClusterObjects } from '../platform/cluster-objects.js';
import type { LaunchSpec } from '../runner.js';
import { containerEnvironment } from './container-environment.js';
import type { ContainerPlan } from './container-request.js';
import type { Daemon } from './daemon.js';
import type { TryFolder } from './execution-folder.js';
import type { ImageStore } from './image-store.js';
import { installsPackages, networkFor } from './network-policy.js';
import { prepareContainer } from './prepare-container.js';
import type { TaskUser } from './task-user.js';

export interface PlanRequest {
  readonly spec: LaunchSpec;
  readonly name: string;
  readonly owner: string;
  readonly daemon: Daemon;
  readonly images: ImageStore;
  readonly user: TaskUser;
  readonly volumes: ClusterObjects;
  readonly home: string;
  readonly worker: NodeJS.ProcessEnv;
  /** Setting: `auto`, `none`, `bridge`, or a network of the daemon. */
  readonly network: string;
  readonly graceSeconds: number;
  /** Folder of the execution, and the try that is planned. */
  readonly folder: string;
  readonly folders: TryFolder;
  readonly privateFolder: string;
}

/**
 * Plans the container of one try: its image is there and its folders are made.
 * @throws E_IMAGE, E_UNSUPPORTED, E_SECRET
 */
export async function planContainer(request: PlanRequest): Promise<ContainerPlan> {
  const { spec, daemon, folders, folder, user } = request;
  const { task, runId, attempt } = spec.id;
  const { accelerator, cpus } = spec.resources;
  if (accelerator !== undefined && !daemon.facts.offersGpus) {
    throw acceleratorMissing(task, accelerator.type);
  }
  const network = networkFor(task, request.network, spec);
  const image = await request.images.ready(spec.image);
  const installs = network !== 'none' && installsPackages(spec);
  const prepared = await prepareContainer({ ...request, installs });
  return {
    name: request.name,
    owner: request.owner,
    graceSeconds: request.graceSeconds,
    facts: daemon.facts,
    tryId: folders.id,
    mounts: prepared.mounts,
    hasHiddenVariables: prepared.hasHiddenVariables,
    env: containerEnvironment({
      token: `${runId}/${task}/${attempt}`,
      cpus,
      own: { ...spec.env, ...prepared.env },
    }),
    ...{ spec, image, user, network, folder },
  };
}
