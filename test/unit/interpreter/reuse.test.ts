import { expect, test } from 'vitest';
import { startPipeline } from '../../../src/interpreter/index.js';
import { HandDrivenPort, result, settled } from './support/hand-driven-port.js';
import { plan, task } from './support/plan.js';

const REUSE = { runs: ['run-0'] };
const uncached = task('comp-step', { cachingOptions: {} });

test('a retry asks what is known also of tasks whose caching is off (F3)', async () => {
  const port = new HandDrivenPort();
  port.cache.set('a', { ...result({}), cached: true });
  const run = startPipeline({ ...plan({ tasks: { a: uncached } }), reuse: REUSE }, port);

  const view = await run.result;

  expect(port.lookedUp).toEqual(['a']);
  expect(port.started).toEqual([]);
  expect(view).toMatchObject({ status: 'succeeded', retriedFrom: 'run-0' });
});

test('another run does not ask', async () => {
  const port = new HandDrivenPort();
  startPipeline(plan({ tasks: { a: uncached } }), port);
  await settled();

  expect(port.lookedUp).toEqual([]);
  expect(port.started).toEqual(['a']);
});

test('a run that deploys nothing skips the task, and says nothing of a gate', async () => {
  const port = new HandDrivenPort();
  const tasks = { deploy: task('comp-deploy') };
  const components = { 'comp-deploy': { executorLabel: 'exec-deploy' } };
  const executors = { 'exec-deploy': { kind: 'deploy' as const } };
  const run = startPipeline({ ...plan({ tasks, components, executors }), deploy: false }, port);

  const view = await run.result;

  expect(port.deployments).toEqual([]);
  expect(view.tasks[0]).toMatchObject({ status: 'skipped', reason: 'this run deploys nothing' });
  expect([view.status, view.deployment]).toEqual(['succeeded', undefined]);
});
