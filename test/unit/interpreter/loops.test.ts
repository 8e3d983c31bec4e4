import { describe, expect, test } from 'vitest';
import { startPipeline } from '../../../src/interpreter/index.js';
import { HandDrivenPort, settled } from './support/hand-driven-port.js';
import { code, plan, task } from './support/plan.js';

const STRING = { parameterType: 'STRING' } as const;

describe('loops', () => {
  const looping = (items: string, parallelismLimit = 0) =>
    plan({
      components: {
        'comp-loop': {
          inputDefinitions: { parameters: { item: STRING } },
          outputDefinitions: { parameters: { all: { parameterType: 'LIST' } } },
          dag: {
            tasks: {
              work: task('comp-work', {
                inputs: { parameters: { item: { componentInputParameter: 'item' } } },
              }),
            },
            outputs: {
              parameters: {
                all: {
                  valueFromParameter: { producerSubtask: 'work', outputParameterKey: 'Output' },
                },
              },
            },
          },
        },
        'comp-work': code('exec-work', { inputs: { parameters: { item: STRING } } }),
      },
      tasks: {
        loop: task('comp-loop', {
          parameterIterator: { items: { raw: items }, itemInput: 'item' },
          iteratorPolicy: { parallelismLimit },
        }),
      },
      outputs: {
        parameters: {
          all: { valueFromParameter: { producerSubtask: 'loop', outputParameterKey: 'all' } },
        },
      },
    });

  test('collect the outputs of their iterations in item order, whatever order they end in (L1)', async () => {
    const port = new HandDrivenPort();
    const run = startPipeline(looping('["a", "b", "c"]'), port);
    await settled();

    for (const index of [2, 0, 1]) {
      await port.succeed(`loop/${index}/work`, { Output: `done ${index}` });
    }

    expect((await run.result).outputs).toEqual({ all: ['done 0', 'done 1', 'done 2'] });
  });

  test('keep to their parallelism limit', async () => {
    const port = new HandDrivenPort();
    void startPipeline(looping('["a", "b", "c"]', 2), port);
    await settled();
    expect(port.started).toEqual(['loop/0/work', 'loop/1/work']);

    await port.succeed('loop/1/work', { Output: 'x' });

    expect(port.started).toEqual(['loop/0/work', 'loop/1/work', 'loop/2/work']);
  });

  test('over nothing succeed with empty lists', async () => {
    const view = await startPipeline(looping('[]'), new HandDrivenPort()).result;

    expect(view).toMatchObject({ status: 'succeeded', outputs: { all: [] } });
  });

  test('a failed iteration fails the loop after the others have gone on (L2)', async () => {
    const port = new HandDrivenPort();
    const run = startPipeline(looping('["a", "b"]'), port);
    await settled();

    await port.fail('loop/0/work');
    await port.succeed('loop/1/work', { Output: 'x' });

    const view = await run.result;
    expect(Object.fromEntries(view.tasks.map(({ name, status }) => [name, status]))).toMatchObject({
      loop: 'failed',
      'loop/0': 'failed',
      'loop/1': 'succeeded',
    });
  });
});
