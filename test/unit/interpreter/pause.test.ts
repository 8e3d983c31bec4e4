import { expect, test } from 'vitest';
import { startPipeline } from '../../../src/interpreter/index.js';
import type { RunView } from '../../../src/contract/index.js';
import { HandDrivenPort, settled } from './support/hand-driven-port.js';
import { plan, task } from './support/plan.js';

const after = (...names: string[]) => task('comp-step', { dependentTasks: names });
const statuses = ({ tasks }: RunView) =>
  Object.fromEntries(tasks.map(({ name, status }) => [name, status]));

test('while a run is held up, what runs goes on and nothing starts', async () => {
  const port = new HandDrivenPort();
  const run = startPipeline(plan({ tasks: { a: task(), b: after('a'), c: after('b') } }), port);
  await settled();
  port.pause();

  await port.succeed('a');
  const held = statuses(run.view());
  await port.resume();
  await port.succeed('b');
  await port.succeed('c');

  expect(held).toEqual({ a: 'succeeded', b: 'pending', c: 'pending' });
  expect(port.started).toEqual(['a', 'b', 'c']);
  expect((await run.result).status).toBe('succeeded');
});

test('no further try of a failing task starts while the run is held up', async () => {
  const port = new HandDrivenPort();
  const retried = task('comp-step', { retryPolicy: { maxRetryCount: 1 } });
  const run = startPipeline(plan({ tasks: { a: retried } }), port);
  await settled();
  port.pause();

  await port.fail('a');
  const whileHeld = [...port.started];
  await port.resume();
  await port.succeed('a');

  expect(whileHeld).toEqual(['a']);
  expect(port.started).toEqual(['a', 'a']);
  expect((await run.result).status).toBe('succeeded');
});

test('no iteration of a loop starts while the run is held up', async () => {
  const port = new HandDrivenPort();
  const loop = task('comp-step', {
    parameterIterator: { itemInput: 'item', items: { raw: '[1, 2, 3]' } },
    iteratorPolicy: { parallelismLimit: 1 },
  });
  const components = {
    'comp-step': {
      executorLabel: 'exec-step',
      inputDefinitions: { parameters: { item: { parameterType: 'NUMBER_INTEGER' as const } } },
    },
  };
  const run = startPipeline(plan({ tasks: { loop }, components }), port);
  await settled();
  port.pause();

  await port.succeed('loop/0');
  const whileHeld = [...port.started];
  await port.resume();
  await port.succeed('loop/1');
  await port.succeed('loop/2');

  expect(whileHeld).toEqual(['loop/0']);
  expect((await run.result).status).toBe('succeeded');
});

test('a cancellation ends the waiting: nothing held starts, exit tasks run', async () => {
  const port = new HandDrivenPort();
  const exit = task('comp-step', {
    dependentTasks: ['b'],
    triggerPolicy: { strategy: 'ALL_UPSTREAM_TASKS_COMPLETED' },
  });
  const run = startPipeline(plan({ tasks: { a: task(), b: after('a'), exit } }), port);
  await settled();
  port.pause();
  await port.succeed('a');

  await port.cancel();
  await port.succeed('exit');

  const view = await run.result;
  expect(view.status).toBe('canceled');
  expect(statuses(view)).toEqual({ a: 'succeeded', b: 'not_triggered', exit: 'succeeded' });
});
