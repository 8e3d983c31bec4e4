// Makes the folders of one try and lists what its container will see of this machine.
//
// P1. Inputs, secrets and config maps are mounted read-only.
// P2. Where the worker is root, what the task's user could not read is copied for it: inputs beside the attempt,
//     secrets into the home, both removed with the container.
// P3. A mount's source is the real path: a task that put a link into a volume mounts nothing else of this machine.

import { chmod, chown, mkdir, readFile, realpath, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { platformUnsupported } from '../../errors/task.js';
import { applyPlatform, type FolderMount } from '../platform/apply-platform.js';
import type { ClusterObjects } from '../platform/cluster-objects.js';
import type { LaunchSpec } from '../runner.js';
import {
  CERTIFICATES_FILE,
  CONTAINER_HOME,
  HIDDEN_VARIABLES_FILE,
  installSettings,
  shellOf,
  variablesScript,
} from './container-environment.js';
import { taskMount, type ContainerMount } from './container-request.js';
import type { TryFolder } from './execution-folder.js';
import { canRead, copyFor, makeTaskFolder, type TaskUser } from './task-user.js';

export interface PreparationRequest {
  readonly spec: LaunchSpec;
  readonly user: TaskUser;
  readonly folders: TryFolder;
  /** Private folder in the home, removed with the container. */
  readonly privateFolder: string;
  readonly home: string;
  readonly volumes: ClusterObjects;
  readonly installs: boolean;
  readonly worker: NodeJS.ProcessEnv;
}

export interface PreparedContainer {
  readonly mounts: readonly ContainerMount[];
  /** Variables that show in the container's description. */
  readonly env: Readonly<Record<string, string>>;
  readonly hasHiddenVariables: boolean;
}

/** Prepares one try. @throws E_SECRET, E_UNSUPPORTED */
export async function prepareContainer(request: PreparationRequest): Promise<PreparedContainer> {
  const { folders, user } = request;
  for (const name of ['outputs', 'parameters']) {
    await makeTaskFolder(path.join(folders.task, name), user);
  }
  await makeTaskFolder(folders.task, user);
  await makeTaskFolder(path.join(folders.home, 'tmp'), user);
  await makeTaskFolder(folders.home, user);
  const platform = await platformParts(request);
  const installs = request.installs ? await installParts(request) : { mounts: [], hidden: {} };
  const hidden = { ...installs.hidden, ...platform.hidden };
  const isHidden = Object.keys(hidden).length > 0 && shellOf(request.spec.command) !== undefined;
  return {
    mounts: [
      taskMount(folders.task),
      { source: folders.home, target: CONTAINER_HOME, readOnly: false },
      ...(await inputMounts(request)),
      ...installs.mounts,
      ...platform.mounts,
      ...(isHidden ? [await hiddenVariables(hidden, request)] : []),
    ],
    env: { ...platform.env, ...(isHidden ? {} : hidden) },
    hasHiddenVariables: isHidden,
  };
}

async function inputMounts({ spec, user, folders }: PreparationRequest): Promise<ContainerMount[]> {
  const mounts: ContainerMount[] = [];
  for (const [index, { localPath, seenPath }] of spec.files.inputs.entries()) {
    if (localPath === undefined) continue;
    const copy = path.join(folders.inputs, String(index));
    const source = await readable(await realpath(localPath), copy, user);
    mounts.push({ source, target: seenPath, readOnly: true }); // P1
  }
  return mounts;
}

// P2
async function readable(source: string, copy: string, user: TaskUser): Promise<string> {
  if (await canRead(source, user)) return source;
  await mkdir(path.dirname(copy), { recursive: true, mode: 0o700 });
  await copyFor(user, source, copy);
  return copy;
}

interface Parts {
  readonly mounts: readonly ContainerMount[];
  readonly hidden: Readonly<Record<string, string>>;
}

async function installParts({ worker }: PreparationRequest): Promise<Parts> {
  const { variables, certificates, packages } = installSettings(worker);
  const mounts: ContainerMount[] = [];
  if (certificates !== undefined) {
    mounts.push({
      source: await realpath(certificates),
      target: CERTIFICATES_FILE,
      readOnly: true,
    });
  }
  if (packages !== undefined) {
    mounts.push({ source: await realpath(packages), target: packages, readOnly: true });
  }
  return { mounts, hidden: variables };
}

async function platformParts(
  request: PreparationRequest,
): Promise<Parts & { readonly env: Readonly<Record<string, string>> }> {
  const { spec, volumes, folders } = request;
  if (spec.platform === undefined) return { mounts: [], hidden: {}, env: {} };
  const applied = await applyPlatform(spec.platform, spec.id, volumes, folders.scratch);
  const hidden: Record<string, string> = {};
  for (const [variable, file] of Object.entries(applied.variableFiles)) {
    hidden[variable] = await readFile(file, 'utf8');
  }
  const mounts: ContainerMount[] = [];
  for (const [index, mount] of (applied.mounts ?? []).entries()) {
    mounts.push({ ...mount, source: await mountSource(mount, index, request) });
  }
  return { mounts, hidden, env: applied.env };
}

async function mountSource(
  { source, readOnly, target }: FolderMount,
  index: number,
  { spec, user, folders, home, privateFolder }: PreparationRequest,
): Promise<string> {
  if (source.startsWith(folders.scratch)) {
    await makeTaskFolder(source, user);
    return source;
  }
  const real = await realpath(source);
  if (readOnly) return readable(real, path.join(privateFolder, String(index)), user);
  const volume = await realpath(volumeOf(source, home));
  if (real !== volume && !real.startsWith(volume + path.sep)) {
    throw platformUnsupported(spec.id.task, target, 'a link in it leads out of the volume'); // P3
  }
  if (user.isOther) await chown(real, user.uid, user.gid);
  return real;
}

/** The volume's own folder: `volumes/<name>`, `workspaces/<run>`. */
function volumeOf(source: string, home: string): string {
  return path.join(home, ...path.relative(home, source).split(path.sep).slice(0, 2));
}

// A variable's value never goes where an artifact store or a container's description could show it.
async function hiddenVariables(
  hidden: Readonly<Record<string, string>>,
  { privateFolder, user }: PreparationRequest,
): Promise<ContainerMount> {
  await mkdir(privateFolder, { recursive: true, mode: 0o700 });
  const source = path.join(privateFolder, 'variables');
  await writeFile(source, variablesScript(hidden), { mode: 0o600 });
  await chmod(source, 0o400);
  if (user.isOther) await chown(source, user.uid, user.gid);
  return { source, target: HIDDEN_VARIABLES_FILE, readOnly: true };
}
