// Settings of the platform document that only a cluster can honour, and that change nothing about a task's result.

import type { Pipeline } from '../pipeline.js';
import type { KubernetesExecutorConfigJson } from '../spec.js';
import { kubernetesConfig } from './kubernetes-config.js';

type Setting = keyof KubernetesExecutorConfigJson;

const HARMLESS: Readonly<Partial<Record<Setting, string>>> = {
  imagePullPolicy: 'no image is pulled',
  imagePullSecret: 'no image is pulled',
  nodeSelector: 'there is one node, this machine',
  nodeAffinity: 'there is one node, this machine',
  podAffinity: 'there is one node, this machine',
  tolerations: 'there is one node, this machine',
  securityContext: 'tasks run as the user who runs the worker',
  enabledSharedMemory: "tasks use this machine's shared memory",
};
/** One setting that is passed over, and why. */
export interface PlatformFinding {
  readonly label: string;
  readonly setting: string;
  readonly reason: string;
}

/** Settings that are passed over, in the order of the executors. */
export function harmlessSettings(pipeline: Pipeline): PlatformFinding[] {
  return Object.keys(pipeline.deployment.executors).flatMap((label) => {
    const config = kubernetesConfig(pipeline, label) ?? {};
    return Object.entries(HARMLESS)
      .filter(([setting]) => config[setting as Setting] !== undefined)
      .map(([setting, reason]) => ({ label, setting, reason }));
  });
}
