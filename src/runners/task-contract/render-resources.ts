// A container's resource requests and limits as numbers.

import { badResource } from '../../errors/task.js';
import type { ResourceSpecJson } from '../../ir/index.js';
import type { PlaceholderContext } from './placeholder-context.js';
import { renderText } from './render-placeholders.js';

export interface TaskResources {
  /** Limit, bytes. */
  readonly memoryBytes?: number;
  /** Limit, cores. */
  readonly cpus?: number;
  /** What it needs to be started, bytes. */
  readonly memoryRequestBytes?: number;
  /** What it needs to be started, cores. */
  readonly cpuRequest?: number;
  readonly accelerator?: TaskAccelerator;
}

export interface TaskAccelerator {
  /** As the pipeline writes it: `nvidia.com/gpu`, `NVIDIA_TESLA_T4`. */
  readonly type: string;
  /** At least 1. */
  readonly count: number;
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

/** Reads what a container asks for. Throws E_RANGE. */
export function renderResources(
  resources: ResourceSpecJson | undefined,
  context: PlaceholderContext,
): TaskResources {
  const memory =
    quantity(resources?.resourceMemoryLimit, context) ??
    scaled(resources?.memoryLimit, OLD_MEMORY_UNIT_BYTES);
  const cpus = quantity(resources?.resourceCpuLimit, context) ?? scaled(resources?.cpuLimit, 1);
  const memoryRequest =
    quantity(resources?.resourceMemoryRequest, context) ??
    scaled(resources?.memoryRequest, OLD_MEMORY_UNIT_BYTES);
  const cpuRequest =
    quantity(resources?.resourceCpuRequest, context) ?? scaled(resources?.cpuRequest, 1);
  const accelerator = renderAccelerator(resources?.accelerator, context);
  return {
    ...(memory === undefined ? {} : { memoryBytes: Math.round(memory) }),
    ...(cpus === undefined ? {} : { cpus }),
    ...(memoryRequest === undefined ? {} : { memoryRequestBytes: Math.round(memoryRequest) }),
    ...(cpuRequest === undefined ? {} : { cpuRequest }),
    ...(accelerator === undefined ? {} : { accelerator }),
  };
}

function renderAccelerator(
  wanted: ResourceSpecJson['accelerator'],
  context: PlaceholderContext,
): TaskAccelerator | undefined {
  const type = renderText(wanted?.resourceType || wanted?.type || '', context).trim();
  if (type === '') return undefined;
  const written = renderText(wanted?.resourceCount || String(wanted?.count ?? ''), context).trim();
  const count = written === '' ? 1 : Number(written);
  if (!Number.isSafeInteger(count) || count < 0) throw badResource(written);
  return count === 0 ? undefined : { type, count };
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
