// What a task asks of its machine, by the names that KFP gives the parts.

import type { ParameterReference, ResourceAmount, Resources } from './graph.js';

/** KFP's names (kfp.dsl.structures.ResourceSpec), which a task's inputs use too. */
export interface ResourceAmounts {
  readonly cpu_request?: ResourceAmount;
  readonly cpu_limit?: ResourceAmount;
  readonly memory_request?: ResourceAmount;
  readonly memory_limit?: ResourceAmount;
  readonly accelerator_type?: ResourceAmount;
  readonly accelerator_count?: string | ParameterReference;
}

/** Lists the amounts that are given, by KFP's names. */
export function resourceAmounts({ cpu, memory, accelerator }: Resources): ResourceAmounts {
  const count = accelerator === undefined ? undefined : (accelerator.count ?? 1);
  const amounts: Readonly<Record<keyof ResourceAmounts, unknown>> = {
    cpu_request: cpu?.request,
    cpu_limit: cpu?.limit,
    memory_request: memory?.request,
    memory_limit: memory?.limit,
    accelerator_type: accelerator?.type,
    accelerator_count: typeof count === 'number' ? String(count) : count,
  };
  return Object.fromEntries(Object.entries(amounts).filter(([, amount]) => amount !== undefined));
}
