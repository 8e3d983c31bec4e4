// Names that are safe as KFP's keys, in CEL text and in placeholders.

import { dslErrors } from '../errors/index.js';

// ^[a-z0-9][a-z0-9-]{0,127}$: kfp.dsl.utils.validate_pipeline_name; a task's name is kept shorter
// so that `comp-`, `exec-` and a number fit KFP's 128 too.
const RULES = {
  pipeline: {
    pattern: /^[a-z0-9][a-z0-9-]{0,127}$/,
    allowed: 'lower-case letters, digits and "-"',
  },
  task: { pattern: /^[a-z0-9][a-z0-9-]{0,99}$/, allowed: 'lower-case letters, digits and "-"' },
  component: { pattern: /^[A-Za-z][A-Za-z0-9_-]{0,99}$/, allowed: 'letters, digits, "_" and "-"' },
  // A Python identifier: KFP passes inputs as keyword arguments.
  input: { pattern: /^[A-Za-z][A-Za-z0-9_]{0,99}$/, allowed: 'letters, digits and "_"' },
  field: { pattern: /^[A-Za-z_][A-Za-z0-9_]{0,99}$/, allowed: 'letters, digits and "_"' },
  output: { pattern: /^[A-Za-z][A-Za-z0-9_]{0,99}$/, allowed: 'letters, digits and "_"' },
} as const;

export type NamedThing = keyof typeof RULES;

/** Refuses a name that KFP or Anneal could not carry (E_NAME). */
export function checkName(thing: NamedThing, name: unknown): void {
  const { pattern, allowed } = RULES[thing];
  if (typeof name !== 'string' || !pattern.test(name)) {
    throw dslErrors.invalidName(thing, String(name), allowed);
  }
}

/** The form that KFP gives a component's name in keys: `deploy_model` becomes `deploy-model`. */
export function dashedName(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^-0-9a-z]+/g, '-')
    .replace(/-+/g, '-')
    .replace(/^-|-$/g, '');
}
