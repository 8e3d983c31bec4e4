import type { RunPlan } from '../contract/index.js';
import type { ComponentSpecJson } from '../ir/index.js';

/** Looks a component up; validation has made sure that it exists. */
export function componentOf(plan: RunPlan, name: string): ComponentSpecJson {
  const component = plan.spec.components?.[name];
  if (component === undefined) throw new Error(`component ${name} is not in the plan`);
  return component;
}
