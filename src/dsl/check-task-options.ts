// Checks of a task's options, for callers whom no compiler checks.

import { dslErrors } from '../errors/index.js';
import { checkResources } from './check-resources.js';
import { checkRetryPolicy } from './check-retry-policy.js';
import type { ComponentDefinition, TaskOptions } from './graph.js';
import { NODE } from './graph.js';
import { describeValue } from './literal.js';
import { checkName } from './names.js';
import { checkWaitable } from './reachable.js';
import { isTask } from './task.js';

/** Checks options that an untyped caller may get wrong (E_NAME, E_RANGE, E_UNKNOWN_TASK). */
export function checkTaskOptions(component: ComponentDefinition, options: TaskOptions): void {
  const { name } = component;
  if (options.name !== undefined) checkName('task', options.name);
  for (const task of options.after ?? []) {
    if (!isTask(task)) throw dslErrors.notATask(describeValue(task));
    checkWaitable(task[NODE], name);
  }
  if (options.retry !== undefined) checkRetryPolicy(name, options.retry);
  if (options.cacheKey !== undefined) checkCacheKey(name, options);
  checkContainerOptions(component, options);
}

function checkCacheKey(component: string, { cacheKey, caching }: TaskOptions): void {
  if (caching === false) {
    const mismatch = { found: 'given with caching: false', expected: 'one of the two' };
    throw dslErrors.invalidOption(component, 'cacheKey', mismatch);
  }
  if (typeof cacheKey === 'string' && cacheKey !== '') return;
  const mismatch = { found: describeValue(cacheKey), expected: 'text that is not empty' };
  throw dslErrors.invalidOption(component, 'cacheKey', mismatch);
}

/** Options that speak of the container: nothing else has one. */
function checkContainerOptions(component: ComponentDefinition, options: TaskOptions): void {
  const { resources, env, timeoutSeconds } = options;
  for (const [option, value] of Object.entries({ resources, env, timeoutSeconds })) {
    if (value === undefined || component.implementation.kind === 'container') continue;
    throw dslErrors.invalidOption(component.name, option, {
      found: `given to a component that is ${component.implementation.kind === 'importer' ? 'an importer' : 'a pipeline'}`,
      expected: 'it on tasks of components that run in a container',
    });
  }
  if (resources !== undefined) checkResources(component.name, resources);
  if (env !== undefined) checkVariables(component.name, env);
  if (timeoutSeconds !== undefined) checkTimeout(component.name, timeoutSeconds);
}

function checkVariables(component: string, env: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(env)) {
    if (/^[^=\0]+$/.test(name) && typeof value === 'string') continue;
    const found = `${JSON.stringify(name)} = ${describeValue(value)}`;
    const expected = 'names without "=" and text as values';
    throw dslErrors.invalidOption(component, 'env', { found, expected });
  }
}

function checkTimeout(component: string, timeoutSeconds: number): void {
  if (Number.isSafeInteger(timeoutSeconds) && timeoutSeconds >= 1) return;
  const mismatch = { found: describeValue(timeoutSeconds), expected: 'whole seconds from 1' };
  throw dslErrors.invalidOption(component, 'timeoutSeconds', mismatch);
}
