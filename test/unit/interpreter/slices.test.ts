import { describe, expect, test } from 'vitest';
import { startPipeline } from '../../../src/interpreter/index.js';
import type { RunPlan } from '../../../src/contract/index.js';
import { HandDrivenPort, settled } from './support/hand-driven-port.js';
import { code, plan, task } from './support/plan.js';

const STRING = { parameterType: 'STRING' } as const;

/** A loop over `count` items whose output is collected; three tasks (DAG, two steps) an iteration. */
function looping(count: number, rest: Partial<RunPlan> = {}): RunPlan {
  const items = JSON.stringify(Array.from({ length: count }, (_, index) => `item ${index}`));
  const work = { inputs: { parameters: { item: { componentInputParameter: 'item' } } } };
  const built = plan({
    components: {
      'comp-work': code('exec-work', { inputs: { parameters: { item: STRING } } }),
      'comp-loop': {
        inputDefinitions: { parameters: { item: STRING } },
        outputDefinitions: { parameters: { all: { parameterType: 'LIST' } } },
        dag: {
          tasks: {
            first: task('comp-work', work),
            second: task('comp-work', { ...work, dependentTasks: ['first'] }),
          },
          outputs: {
            parameters: {
              all: {
                valueFromParameter: { producerSubtask: 'second', outputParameterKey: 'Output' },
              },
            },
          },
        },
      },
    },
    tasks: {
      loop: task('comp-loop', { parameterIterator: { items: { raw: items }, itemInput: 'item' } }),
    },
    outputs: {
      parameters: {
        all: { valueFromParameter: { producerSubtask: 'loop', outputParameterKey: 'all' } },
      },
    },
  });
  return { ...built, ...rest };
}

async function drive(built: RunPlan, fails: (task: string) => boolean = () => false) {
  const port = new HandDrivenPort();
  port.graph = built;
  const run = startPipeline(built, port);
  await settled();
  let widest = 0;
  while (port.pending.size > 0) {
    widest = Math.max(widest, port.pending.size);
    const next = [...port.pending.keys()].at(-1)!;
    if (fails(next)) await port.fail(next);
    else
      await port.succeed(next, {
        Output: port.request(next).inputs.parameters['item'] ?? null,
      });
  }
  return { view: await run.result, port, widest };
}

describe('a loop too long for one history (L3)', () => {
  test('is cut into slices that together give every output in item order', async () => {
    const { view, port } = await drive(looping(10, { tasksPerHistory: 9 }));

    expect(port.slices).toEqual([0, 3, 6, 9]);
    expect(view.outputs['all']).toEqual(Array.from({ length: 10 }, (_, index) => `item ${index}`));
    expect(view.tasks).toMatchObject([
      { name: 'loop', iterations: { total: 10, succeeded: 10, failed: 0 } },
    ]);
  });

  test('stays in one piece when it fits', async () => {
    const { port } = await drive(looping(3, { tasksPerHistory: 9 }));

    expect(port.slices).toEqual([]);
  });

  test('a failed iteration fails the loop with its own error; the others go on', async () => {
    const { view } = await drive(
      looping(10, { tasksPerHistory: 9 }),
      (name) => name === 'loop/4/first',
    );

    expect(view).toMatchObject({
      status: 'failed',
      error: { code: 'E_TASK_EXIT', task: 'loop/4/first' },
    });
    expect(view.tasks[0]!.iterations).toMatchObject({ succeeded: 9, failed: 1 });
  });

  test('has at most 500 tasks in flight, though its window would allow more', async () => {
    const wide = looping(600, { tasksPerHistory: 5000 });
    wide.spec.root!.dag!.tasks!['loop']!.iteratorPolicy = { parallelismLimit: 600 };

    const { widest, view } = await drive(wide);

    expect(widest).toBe(500);
    expect(view.status).toBe('succeeded');
  });
});

describe('the failure budget', () => {
  const failsAt = (indexes: readonly number[]) => (name: string) =>
    indexes.some((index) => name === `loop/${index}/first`);

  test('forgives as many failed iterations as it counts, and leaves their outputs out', async () => {
    const { view } = await drive(looping(4, { failureBudget: 1 }), failsAt([2]));

    expect(view.status).toBe('succeeded');
    expect(view.outputs['all']).toEqual(['item 0', 'item 1', 'item 3']);
  });

  test.each([
    [0.5, [0, 1], 'succeeded'],
    [0.5, [0, 1, 2], 'failed'],
    [1, [0, 1], 'failed'],
  ])('of %s with failures at %j: %s', async (failureBudget, failures, status) => {
    const { view } = await drive(looping(4, { failureBudget }), failsAt(failures));

    expect(view.status).toBe(status);
  });
});
