// A container's resource limits as numbers.

import { badResource } from '../../errors/task.js';
import type { ResourceSpecJson } from '../../ir/index.js';
import type { PlaceholderContext } from './placeholder-context.js';
import { renderText } from './render-placeholders.js';

export interface TaskResources {
  readonly memoryBytes?: number;
  readonly cpus?: number;
}

const QUANTITY = /^(\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+)(m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)?$/;
// Kubernetes resource quantities: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
const SUFFIXES: Readonly<Record<string, number>> = {
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};
/** The spec's older number fields count memory in units of 1e9 bytes (KFP's driver writes "%vG"). */
const OLD_MEMORY_UNIT_BYTES = 1e9;

/** Reads the limits of a container; requests bind nobody on one machine. Throws E_RANGE. */
export function renderResources(
  resources: ResourceSpecJson | undefined,
  context: PlaceholderContext,
): TaskResources {
  const memory =
    quantity(resources?.resourceMemoryLimit, context) ??
    scaled(resources?.memoryLimit, OLD_MEMORY_UNIT_BYTES);
  const cpus = quantity(resources?.resourceCpuLimit, context) ?? scaled(resources?.cpuLimit, 1);
  return {
    ...(memory === undefined ? {} : { memoryBytes: Math.round(memory) }),
    ...(cpus === undefined ? {} : { cpus }),
  };
}

function quantity(text: string | undefined, context: PlaceholderContext): number | undefined {
  if (!text) return undefined;
  const rendered = renderText(text, context).trim();
  const match = QUANTITY.exec(rendered);
  if (!match) throw badResource(rendered);
  return Number(match[1]) * (SUFFIXES[match[2] ?? ''] ?? 1);
}

function scaled(value: number | string | undefined, unit: number): number | undefined {
  const amount = Number(value ?? 0);
  return Number.isFinite(amount) && amount > 0 ? amount * unit : undefined;
}
