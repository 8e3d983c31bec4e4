// What a cluster would hold, as folders of the home: secrets/<name>/<key>, configmaps/<name>/<key>, volumes/<name>,
// workspaces/<run>.
//
// C1. Names and keys are Kubernetes' own (DNS-1123 subdomains; letters, digits, `-._`), so no name leads elsewhere.
// C2. Values stay in their files: only paths leave here.

import { existsSync } from 'node:fs';
import { cp, mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { platformUnsupported, secretMissing } from '../../errors/task.js';
import type { ObjectKind, ObjectVariable, VolumeMount } from '../../ir/platform/index.js';
import { safeSegment } from '../../storage/index.js';
import type { WantedVolume } from '../runner.js';

const NAME = /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/;
const KEY = /^(?!\.{1,2}$)[-._a-zA-Z0-9]{1,253}$/;
const FOLDERS: Readonly<Record<ObjectKind, string>> = {
  secret: 'secrets',
  'config map': 'configmaps',
};

export class ClusterObjects {
  constructor(private readonly home: string) {}

  /**
   * File of one key; undefined when it is optional and not there.
   * @throws E_SECRET, E_UNSUPPORTED
   */
  variableFile(task: string, wanted: ObjectVariable): string | undefined {
    const { kind, name, key, where } = wanted;
    if (!KEY.test(key)) throw platformUnsupported(task, where, `"${key}" is no key of a ${kind}`);
    const file = path.join(this.folderOf(task, wanted), key);
    if (existsSync(file)) return file;
    if (wanted.optional) return undefined;
    throw secretMissing(task, { kind, name, key }, { setting: where, path: file });
  }

  /**
   * Folder behind a mount, made where it is the runner's to make.
   * @param scratch  folder of the execution, for what lasts as long as the task
   * @throws E_SECRET, E_UNSUPPORTED
   */
  async mountSource(
    task: string,
    mount: VolumeMount,
    owner: { readonly runId: string; readonly scratch: string },
  ): Promise<string> {
    const { kind, name, subPath = '' } = mount;
    switch (kind) {
      case 'scratch':
        return path.join(owner.scratch, 'volumes', safeSegment(name));
      case 'workspace':
        return made(path.join(this.workspaceOf(owner.runId)));
      case 'volume':
        return made(inside(this.volumeFolder(task, mount.where, name), subPath, task, mount.where));
      case 'secret':
      case 'config map':
        return this.objectFolder(task, { ...mount, kind }, owner.scratch);
    }
  }

  /** Refuses what is known to be missing before anything starts. @throws E_SECRET, E_UNSUPPORTED */
  check(task: string, mount: VolumeMount): void {
    if (!path.isAbsolute(mount.mountPath) || path.normalize(mount.mountPath) === '/') {
      throw platformUnsupported(task, mount.where, `"${mount.mountPath}" is no place to mount at`);
    }
    if (mount.kind === 'volume') this.volumeFolder(task, mount.where, mount.name);
    if (mount.kind === 'secret' || mount.kind === 'config map') {
      this.objectFolder(task, { ...mount, kind: mount.kind }, '');
    }
  }

  /** Makes a volume; one of that name is kept as it is. */
  async createVolume(task: string, name: string, { copyOf }: WantedVolume): Promise<void> {
    const folder = this.volumeFolder(task, 'pvc_name', name);
    if (copyOf === undefined || existsSync(folder)) return void (await made(folder));
    await cp(this.volumeFolder(task, 'data_source', copyOf), folder, { recursive: true });
  }

  /** Removes a volume with all that is in it. */
  async deleteVolume(task: string, name: string): Promise<void> {
    await rm(this.volumeFolder(task, 'pvc_name', name), { recursive: true, force: true });
  }

  /** Removes the workspace of a run. */
  async removeWorkspace(runId: string): Promise<void> {
    await rm(this.workspaceOf(runId), { recursive: true, force: true });
  }

  private workspaceOf(runId: string): string {
    return path.join(this.home, 'workspaces', safeSegment(runId));
  }

  private volumeFolder(task: string, where: string, name: string): string {
    if (!NAME.test(name))
      throw platformUnsupported(task, where, `"${name}" is no name of a volume`);
    return path.join(this.home, 'volumes', name);
  }

  private objectFolder(
    task: string,
    wanted: Pick<ObjectVariable, 'kind' | 'name' | 'where' | 'optional'>,
    scratch: string,
  ): string {
    const folder = this.folderOf(task, wanted);
    if (existsSync(folder)) return folder;
    const { kind, name, where } = wanted;
    if (!wanted.optional)
      throw secretMissing(task, { kind, name }, { setting: where, path: folder });
    return path.join(scratch, 'volumes', safeSegment(`no-${name}`));
  }

  private folderOf(
    task: string,
    { kind, name, where }: Pick<ObjectVariable, 'kind' | 'name' | 'where'>,
  ): string {
    if (!NAME.test(name))
      throw platformUnsupported(task, where, `"${name}" is no name of a ${kind}`);
    return path.join(this.home, FOLDERS[kind], name);
  }
}

async function made(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return folder;
}

function inside(folder: string, subPath: string, task: string, where: string): string {
  const resolved = path.resolve(folder, subPath);
  if (resolved === folder || resolved.startsWith(folder + path.sep)) return resolved;
  throw platformUnsupported(task, where, `"${subPath}" leads out of the volume`);
}
