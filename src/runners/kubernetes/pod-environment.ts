// Variables of a pod's containers.
//
// E1. Kubernetes replaces `$(NAME)` in values, commands and arguments; what the pipeline wrote reaches the task as
//     it is.
// E2. Values of secrets never pass through the worker: the pod names them.

import type { V1EnvVar } from '@kubernetes/client-node';
import type { PlatformSettings } from '../../ir/platform/index.js';
import type { LaunchSpec } from '../runner.js';

/** Where a container says why it failed: Kubernetes keeps the file's content in the pod's status. */
export const TERMINATION_MESSAGE = '/dev/termination-log';

/** Makes Kubernetes deliver a text unchanged (E1). */
export function literal(text: string): string {
  return text.replaceAll('$', '$$$$');
}

/** Variables of the task; the pipeline's own go before ours. */
export function taskVariables(
  { env, platform }: Pick<LaunchSpec, 'env' | 'platform'>,
  isForeignUser: boolean,
): V1EnvVar[] {
  const ours: Record<string, string> = {
    ANNEAL_ERROR_FILE: TERMINATION_MESSAGE,
    ...(isForeignUser ? { HOME: '/tmp' } : {}), // pip and caches want a home that can be written
  };
  const own = [...objectVariables(platform), ...fieldVariables(platform)];
  const taken = new Set(own.map(({ name }) => name));
  const plain = Object.entries({ ...ours, ...env }).filter(([name]) => !taken.has(name));
  return [...plain.map(([name, value]) => ({ name, value: literal(value) })), ...own];
}

function objectVariables(platform: PlatformSettings | undefined): V1EnvVar[] {
  return (platform?.variables ?? []).map(({ variable, kind, name, key, optional }) => ({
    name: variable,
    valueFrom:
      kind === 'secret'
        ? { secretKeyRef: { name, key, optional } }
        : { configMapKeyRef: { name, key, optional } },
  }));
}

function fieldVariables(platform: PlatformSettings | undefined): V1EnvVar[] {
  return (platform?.fields ?? []).map(({ variable, fieldPath }) => ({
    name: variable,
    valueFrom: { fieldRef: { fieldPath } },
  }));
}
