// The request by which a container is made: hardened first, then what the task asks for.
//
// H1. No capability, no new privileges, no root, a read-only root file system, bounded processes, no socket of the
//     daemon; the only writable places are /tmp (in memory, bounded), HOME and the attempt's folder.
// H2. The command replaces the image's entrypoint; without one the image's own entrypoint gets the arguments.
// H3. Memory is a hard limit: swap would only make a task that has too little slow.
// H4. The image is named by its id: the tag may have moved since its digest was taken.

import type Docker from 'dockerode';
import type { LaunchSpec } from '../runner.js';
import { CONTAINER_TASK_FOLDER } from '../task-files.js';
import { HIDDEN_VARIABLES_FILE, shellOf } from './container-environment.js';
import { containerLabels, DIGEST_LABEL, FOLDER_LABEL, TRY_LABEL } from './container-name.js';
import type { DaemonFacts } from './daemon.js';
import type { LocalImage } from './image-store.js';
import type { TaskUser } from './task-user.js';

/** A place of this machine that the container sees. */
export interface ContainerMount {
  readonly source: string;
  readonly target: string;
  readonly readOnly: boolean;
}

export interface ContainerPlan {
  readonly name: string;
  readonly owner: string;
  readonly spec: LaunchSpec;
  readonly image: LocalImage;
  readonly facts: DaemonFacts;
  readonly user: TaskUser;
  readonly network: string;
  readonly graceSeconds: number;
  /** Folder of the execution, and the try that this container is. */
  readonly folder: string;
  readonly tryId: string;
  readonly mounts: readonly ContainerMount[];
  readonly env: Readonly<Record<string, string>>;
  /** The command's shell reads more variables from a file first. */
  readonly hasHiddenVariables: boolean;
}

/** Processes and threads; enough for numeric libraries on many cores, and no fork bomb. */
const PIDS_LIMIT = 1024;
const TMP_BYTES = 2 ** 30;
/** The daemon's copy of the log; ours is capped on its own. */
const DAEMON_LOG = { Type: 'json-file', Config: { 'max-size': '10m', 'max-file': '2' } };

/** Writes the request. */
export function containerRequest(plan: ContainerPlan): Docker.ContainerCreateOptions {
  const { spec, image, env, user } = plan;
  return {
    name: plan.name,
    Image: image.id, // H4
    User: user.inContainer,
    Env: Object.entries(env).map(([name, value]) => `${name}=${value}`),
    ...commandOf(plan),
    Labels: {
      ...spec.platform?.labels,
      ...containerLabels(plan.owner, spec.id),
      [DIGEST_LABEL]: image.digest,
      [FOLDER_LABEL]: plan.folder,
      [TRY_LABEL]: plan.tryId,
    },
    StopTimeout: Math.ceil(plan.graceSeconds),
    Healthcheck: { Test: ['NONE'] },
    HostConfig: {
      ...hardening(plan),
      ...limits(plan),
      ...devices(spec),
      NetworkMode: plan.network,
      Mounts: plan.mounts.map((mount) => ({
        Type: 'bind',
        Source: mount.source,
        Target: mount.target,
        ReadOnly: mount.readOnly,
      })),
      LogConfig: DAEMON_LOG,
    },
  };
}

function commandOf({
  spec: { command, args },
  hasHiddenVariables,
}: ContainerPlan): Pick<Docker.ContainerCreateOptions, 'Entrypoint' | 'Cmd'> {
  const given = args.length === 0 ? {} : { Cmd: [...args] };
  if (command.length === 0) return given; // H2
  if (!hasHiddenVariables) return { Entrypoint: [...command], ...given };
  const shell = shellOf(command)!;
  const script = `. ${HIDDEN_VARIABLES_FILE} && exec "$@"`;
  return { Entrypoint: [shell, '-c', script, shell, ...command], ...given };
}

// H1
function hardening({ facts, user }: ContainerPlan): Docker.HostConfig {
  return {
    Init: facts.hasInit,
    ReadonlyRootfs: true,
    CapDrop: ['ALL'],
    SecurityOpt: ['no-new-privileges'],
    Privileged: false,
    PidsLimit: PIDS_LIMIT,
    RestartPolicy: { Name: '' },
    // Not noexec: packages that a task installs there hold libraries, and virtual environments programs.
    Tmpfs: { '/tmp': `rw,exec,nosuid,nodev,size=${TMP_BYTES},mode=1777` },
    ...(user.usernsMode === undefined ? {} : { UsernsMode: user.usernsMode }),
  };
}

function limits({ spec, facts }: ContainerPlan): Docker.HostConfig {
  const { memoryBytes, memoryRequestBytes = 0, cpus } = spec.resources;
  return {
    ...(memoryBytes === undefined ? {} : { Memory: memoryBytes, MemorySwap: memoryBytes }), // H3
    ...(memoryRequestBytes > 0 && memoryRequestBytes < (memoryBytes ?? Infinity)
      ? { MemoryReservation: memoryRequestBytes }
      : {}),
    // A daemon refuses more cores than it has; a task that asks for them runs on those there are.
    ...(cpus === undefined ? {} : { NanoCpus: Math.round(Math.min(cpus, facts.cpus) * 1e9) }),
  };
}

function devices({ resources: { accelerator } }: LaunchSpec): Docker.HostConfig {
  if (accelerator === undefined) return {};
  const request = { Driver: 'nvidia', Count: accelerator.count, Capabilities: [['gpu']] };
  return { DeviceRequests: [request] };
}

/** The mount of the attempt's folder. */
export function taskMount(source: string): ContainerMount {
  return { source, target: CONTAINER_TASK_FOLDER, readOnly: false };
}
