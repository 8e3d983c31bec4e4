// What a task's container asks of its node.
//
// R1. A request is never above its limit: a limit alone is the request too, as in Kubernetes.
// R2. Accelerators are whole and are limits (nvidia.com/gpu); a bare model name also chooses the nodes that have it.

import type { V1ResourceRequirements } from '@kubernetes/client-node';
import { platformUnsupported } from '../../errors/task.js';
import type { LaunchSpec } from '../runner.js';
import type { KubernetesRunnerOptions } from './kubernetes-options.js';

/** The label by which nodes say which accelerator they have, as KFP's SDK documents for model names. */
const ACCELERATOR_LABEL = 'cloud.google.com/gke-accelerator';
const GPU = 'nvidia.com/gpu';

export interface PodResources {
  readonly resources: V1ResourceRequirements;
  readonly nodeSelector: Readonly<Record<string, string>>;
}

/** @throws E_UNSUPPORTED for an accelerator that has no resource of its own */
export function podResources(
  { id, resources }: Pick<LaunchSpec, 'id' | 'resources'>,
  { defaultCpu, defaultMemory }: Pick<KubernetesRunnerOptions, 'defaultCpu' | 'defaultMemory'>,
): PodResources {
  const { memoryBytes, cpus, memoryRequestBytes, cpuRequest, accelerator } = resources;
  const limits: Record<string, string> = {};
  const requests: Record<string, string> = {};
  if (memoryBytes !== undefined) limits['memory'] = String(memoryBytes);
  if (cpus !== undefined) limits['cpu'] = cpuQuantity(cpus);
  if (memoryRequestBytes !== undefined) requests['memory'] = String(memoryRequestBytes);
  else if (memoryBytes === undefined && defaultMemory) requests['memory'] = defaultMemory;
  if (cpuRequest !== undefined) requests['cpu'] = cpuQuantity(cpuRequest);
  else if (cpus === undefined && defaultCpu) requests['cpu'] = defaultCpu;
  const nodeSelector: Record<string, string> = {};
  if (accelerator !== undefined) {
    const { type, count } = accelerator;
    if (!type.includes('/')) nodeSelector[ACCELERATOR_LABEL] = modelName(id.task, type);
    limits[type.includes('/') ? type : GPU] = String(count);
  }
  return {
    resources: {
      ...(Object.keys(limits).length > 0 ? { limits } : {}),
      ...(Object.keys(requests).length > 0 ? { requests } : {}),
    },
    nodeSelector,
  };
}

function modelName(task: string, type: string): string {
  if (/^nvidia[-_]/i.test(type)) return type.toLowerCase().replaceAll('_', '-');
  throw platformUnsupported(
    task,
    `accelerator "${type}"`,
    'write it as the resource that nodes offer, such as nvidia.com/gpu',
  );
}

function cpuQuantity(cores: number): string {
  return `${Math.max(1, Math.ceil(cores * 1000))}m`;
}
