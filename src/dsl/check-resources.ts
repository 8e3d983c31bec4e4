// Checks of the resources a task asks for; the forms are those that kfp.dsl.PipelineTask takes.

import { dslErrors } from '../errors/index.js';
import type { Reference, Resources } from './graph.js';
import { describeValue } from './literal.js';
import { checkReachable } from './reachable.js';
import { describeType, isReference } from './reference.js';
import { resourceAmounts, type ResourceAmounts } from './resources.js';

// _validate_cpu_request_limit, _validate_memory_request_limit, set_accelerator_limit
const CPU = { pattern: /^(?:\d*\.)?\d+m?$/, expected: 'cores, such as "2", "0.5" or "500m"' };
const MEMORY = {
  pattern: /^\d+(?:[EPTGMK]i?)?$/,
  expected: 'bytes, such as "512Mi", "4Gi" or "2G"',
};
const FORMS: Readonly<Record<keyof ResourceAmounts, { pattern: RegExp; expected: string }>> = {
  cpu_request: CPU,
  cpu_limit: CPU,
  memory_request: MEMORY,
  memory_limit: MEMORY,
  accelerator_type: { pattern: /\S/, expected: 'a name, such as "nvidia.com/gpu"' },
  accelerator_count: { pattern: /^\d+$/, expected: 'a whole number from 0' },
};

/** Refuses amounts that KFP would refuse (E_RANGE), and values that cannot be read here. */
export function checkResources(component: string, resources: Resources): void {
  for (const [name, amount] of Object.entries(resourceAmounts(resources))) {
    const { pattern, expected } = FORMS[name as keyof ResourceAmounts];
    if (isReference(amount) && isFitting(amount))
      checkReachable(amount, `component "${component}"`);
    else if (typeof amount !== 'string' || !pattern.test(amount)) {
      const found = isReference(amount) ? describeType(amount) : describeValue(amount);
      const option = `resources.${name.replace('_', '.')}`;
      throw dslErrors.invalidOption(component, option, { found, expected });
    }
  }
}

function isFitting(reference: Reference): boolean {
  return reference.kind === 'parameter' && ['string', 'integer'].includes(reference.parameterKind);
}
