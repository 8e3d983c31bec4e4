// The container of one task: its component's, with the task's own environment and resources.

import type { ContainerSpecJson, ResourceSpecJson } from '../../ir/index.js';
import type { Reference, Resources, TaskOptions } from '../graph.js';
import { isReference } from '../reference.js';
import { resourceAmounts, type ResourceAmounts } from '../resources.js';

/** @param placeholderOf  text that stands for a value known when the task runs */
export function containerJson(
  container: ContainerSpecJson,
  { env, resources }: TaskOptions,
  placeholderOf: (reference: Reference) => string,
): ContainerSpecJson {
  const fixed = (container.env ?? []).map(({ name = '', value = '' }) => [name, value] as const);
  const merged = new Map([...fixed, ...Object.entries(env ?? {})]);
  return {
    ...container,
    ...(merged.size === 0 ? {} : { env: [...merged].map(([name, value]) => ({ name, value })) }),
    ...(resources === undefined ? {} : { resources: resourcesJson(resources, placeholderOf) }),
  };
}

// As kfp.compiler.pipeline_spec_builder.build_container_spec_for_task: text for every amount, and a
// number beside it for KFP installations that know only numbers, where the amount is known.
function resourcesJson(
  resources: Resources,
  placeholderOf: (reference: Reference) => string,
): ResourceSpecJson {
  const amounts = resourceAmounts(resources);
  const text = (name: keyof ResourceAmounts): string | undefined => {
    const amount = amounts[name];
    return isReference(amount) ? placeholderOf(amount) : amount;
  };
  const number = (name: keyof ResourceAmounts, read: (amount: string) => number) => {
    const amount = amounts[name];
    return typeof amount === 'string' ? read(amount) : undefined;
  };
  const accelerator = {
    resourceType: text('accelerator_type'),
    resourceCount: text('accelerator_count'),
    type: isReference(amounts.accelerator_type) ? undefined : amounts.accelerator_type,
    count: isReference(amounts.accelerator_count) ? undefined : amounts.accelerator_count,
  };
  return withoutAbsent({
    resourceCpuRequest: text('cpu_request'),
    resourceCpuLimit: text('cpu_limit'),
    resourceMemoryRequest: text('memory_request'),
    resourceMemoryLimit: text('memory_limit'),
    cpuRequest: number('cpu_request', cores),
    cpuLimit: number('cpu_limit', cores),
    memoryRequest: number('memory_request', gigabytes),
    memoryLimit: number('memory_limit', gigabytes),
    accelerator: resources.accelerator === undefined ? undefined : withoutAbsent(accelerator),
  });
}

function cores(amount: string): number {
  return amount.endsWith('m') ? Number(amount.slice(0, -1)) / 1000 : Number(amount);
}

/** kfp.compiler.compiler_utils._memory_to_float: in units of 10^9 bytes. */
function gigabytes(amount: string): number {
  const [, digits, prefix, binary] = /^(\d+)([KMGTPE])?(i)?$/.exec(amount)!;
  const power = prefix === undefined ? 0 : 'KMGTPE'.indexOf(prefix) + 1;
  return (Number(digits) * (binary === undefined ? 1000 : 1024) ** power) / 1e9;
}

function withoutAbsent<Fields extends object>(fields: Fields): Fields {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as Fields;
}
