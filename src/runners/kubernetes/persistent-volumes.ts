// Volumes that pipelines make and delete, and the workspaces of runs, as PersistentVolumeClaims.
//
// V1. A claim of that name is kept as it is: a second try finds the first one's.

import type { V1PersistentVolumeClaim } from '@kubernetes/client-node';
import { platformUnsupported } from '../../errors/task.js';
import type { WorkspaceVolume } from '../../ir/platform/index.js';
import type { ExecutionId, VolumeStore, WantedVolume } from '../runner.js';
import type { Cluster } from './cluster.js';
import { ANNEAL, executionLabels, MANAGED_BY, workspaceName } from './job-name.js';

const NAME = /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/;
const ANNOTATION = 'anneal/run';

export class PersistentVolumes implements VolumeStore {
  constructor(
    private readonly cluster: Cluster,
    private readonly defaultSize: string | undefined,
  ) {}

  async createVolume(task: string, name: string, wanted: WantedVolume): Promise<void> {
    const { copyOf, accessModes, size, storageClassName, volumeName, annotations } = wanted;
    assertName(task, 'pvc_name', name);
    await this.cluster.createClaim({
      ...claim(name, { [MANAGED_BY]: ANNEAL }, annotations ?? {}),
      spec: {
        accessModes: accessModes === undefined ? ['ReadWriteOnce'] : [...accessModes],
        resources: { requests: { storage: this.sizeOf(task, size) } },
        ...(storageClassName === undefined ? {} : { storageClassName }),
        ...(volumeName === undefined ? {} : { volumeName }),
        ...(copyOf === undefined
          ? {}
          : { dataSource: { kind: 'PersistentVolumeClaim', name: copyOf } }),
      },
    });
  }

  async deleteVolume(task: string, name: string): Promise<void> {
    assertName(task, 'pvc_name', name);
    await this.cluster.deleteClaim(name);
  }

  /** Makes the workspace of a run, unless it is there. */
  async createWorkspace(id: ExecutionId, { size, claim: patch }: WorkspaceVolume): Promise<void> {
    const { [MANAGED_BY]: managedBy = ANNEAL, 'anneal/run': run = '' } = executionLabels(id);
    const name = workspaceName(id.runId);
    await this.cluster.createClaim({
      ...claim(name, { [MANAGED_BY]: managedBy, 'anneal/run': run }, { [ANNOTATION]: id.runId }),
      spec: {
        accessModes: ['ReadWriteMany'],
        resources: { requests: { storage: this.sizeOf(id.task, size) } },
        ...patch,
      },
    });
  }

  async removeWorkspace(runId: string): Promise<void> {
    await this.cluster.deleteClaim(workspaceName(runId));
  }

  private sizeOf(task: string, size: string | undefined): string {
    const wanted = size || this.defaultSize;
    if (wanted) return wanted;
    throw platformUnsupported(
      task,
      'a volume without a size',
      'give it one, or set ANNEAL_KUBERNETES_VOLUME_SIZE',
    );
  }
}

function claim(
  name: string,
  labels: Record<string, string>,
  annotations: Readonly<Record<string, string>>,
): V1PersistentVolumeClaim {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name, labels, annotations: { ...annotations } },
  };
}

function assertName(task: string, where: string, name: string): void {
  if (!NAME.test(name)) throw platformUnsupported(task, where, `"${name}" is no name of a volume`);
}
