// Turns a task's platform settings into variables, files and folders of this machine.

import { hostname } from 'node:os';
import path from 'node:path';
import { platformUnsupported } from '../../errors/task.js';
import type { FieldVariable, PlatformSettings } from '../../ir/platform/index.js';
import type { ExecutionId } from '../runner.js';
import type { ClusterObjects } from './cluster-objects.js';

const ENTRY = /^metadata\.(labels|annotations)\['(.+)'\]$/;

/** What a cluster knows of a pod, as far as a process has it. */
const FACTS: Readonly<Record<string, (id: ExecutionId) => string>> = {
  'metadata.name': ({ runId, task }) => `${runId}-${task.replaceAll('/', '-')}`,
  'metadata.uid': ({ runId, task, attempt }) => `${runId}/${task}/${attempt}`,
  'metadata.namespace': () => 'default',
  'spec.nodeName': () => hostname(),
  'spec.serviceAccountName': () => 'default',
  'status.hostIP': () => '127.0.0.1',
  'status.podIP': () => '127.0.0.1',
};

/** A folder of this machine that the task sees at another path. */
export interface FolderMount {
  readonly source: string;
  /** Absolute path within the task's file tree. */
  readonly target: string;
  readonly readOnly: boolean;
}

export interface AppliedPlatform {
  readonly env: Readonly<Record<string, string>>;
  /** Variables whose values are in files: secrets are never copied. */
  readonly variableFiles: Readonly<Record<string, string>>;
  /** Absent when there is none. */
  readonly mounts?: readonly FolderMount[];
  /** Folders below `scratch` that must be made. */
  readonly folders: readonly string[];
}

/**
 * @param scratch  folder of the execution, removed at its end
 * @throws E_SECRET, E_UNSUPPORTED
 */
export async function applyPlatform(
  settings: PlatformSettings,
  id: ExecutionId,
  objects: ClusterObjects,
  scratch: string,
): Promise<AppliedPlatform> {
  const variableFiles: Record<string, string> = {};
  for (const wanted of settings.variables) {
    const file = objects.variableFile(id.task, wanted);
    if (file !== undefined) variableFiles[wanted.variable] = file;
  }
  const mounts: FolderMount[] = [];
  for (const mount of settings.mounts) {
    const source = await objects.mountSource(id.task, mount, { runId: id.runId, scratch });
    const readOnly = mount.kind === 'secret' || mount.kind === 'config map';
    mounts.push({ source, target: path.normalize(mount.mountPath), readOnly });
  }
  return {
    env: fieldVariables(settings, id),
    variableFiles,
    ...(mounts.length > 0 ? { mounts } : {}),
    folders: mounts.map(({ source }) => source).filter((source) => source.startsWith(scratch)),
  };
}

/** Refuses facts that a process does not have. @throws E_UNSUPPORTED */
export function checkFields(task: string, fields: readonly FieldVariable[]): void {
  for (const { fieldPath, where } of fields) {
    if (ENTRY.test(fieldPath) || Object.hasOwn(FACTS, fieldPath)) continue;
    throw platformUnsupported(task, where, `outside a cluster there is no "${fieldPath}"`);
  }
}

/** A label or annotation that is not there is empty, as in Kubernetes. */
function fieldVariables(
  { fields, labels, annotations }: PlatformSettings,
  id: ExecutionId,
): Record<string, string> {
  checkFields(id.task, fields);
  const entries = fields.map(({ variable, fieldPath }) => {
    const [, kind, key = ''] = ENTRY.exec(fieldPath) ?? [];
    const held = kind === 'labels' ? labels : annotations;
    return [variable, kind === undefined ? FACTS[fieldPath]!(id) : (held[key] ?? '')];
  });
  return Object.fromEntries(entries) as Record<string, string>;
}
