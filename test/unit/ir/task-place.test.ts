import { describe, expect, test } from 'vitest';
import { hasTask, placeOf, type PipelineSpecJson } from '../../../src/ir/index.js';

const step = (rest: object = {}) => ({ componentRef: { name: 'comp-step' }, ...rest });

/** a → b; loop over c → d after b; e after the loop; lone beside them. */
const SPEC: PipelineSpecJson = {
  root: {
    dag: {
      tasks: {
        a: step(),
        b: step({ dependentTasks: ['a'] }),
        loop: {
          componentRef: { name: 'comp-loop' },
          parameterIterator: { itemInput: 'item', items: { raw: '[1, 2]' } },
          dependentTasks: ['b'],
        },
        e: step({ dependentTasks: ['loop'] }),
        lone: step(),
      },
    },
  },
  components: {
    'comp-step': { executorLabel: 'exec-step' },
    'comp-loop': { dag: { tasks: { c: step(), d: step({ dependentTasks: ['c'] }) } } },
  },
};

describe('the place of a task to another', () => {
  test.each([
    ['b', 'b', 'at'],
    ['b', 'a', 'after'],
    ['e', 'a', 'after'],
    ['a', 'b', 'elsewhere'],
    ['lone', 'a', 'elsewhere'],
    ['loop/0/c', 'loop', 'at'],
    ['loop/0/c', 'a', 'after'],
    ['loop/1/d', 'loop/1/c', 'after'],
    ['loop/0/d', 'loop/1/c', 'elsewhere'],
    ['loop/0/d', 'loop/c', 'after'],
    ['loop/1/c', 'loop/c', 'at'],
    ['loop/1/c', 'loop/1', 'at'],
    ['loop/0/c', 'loop/1', 'elsewhere'],
    ['e', 'loop/1/c', 'after'],
    ['b', 'loop/1/c', 'elsewhere'],
  ])('%s to %s: %s', (task, other, place) => {
    expect(placeOf(SPEC, task, other)).toBe(place);
  });
});

test.each([
  ['b', true],
  ['loop/c', true],
  ['loop/7/d', true],
  ['loop/x', false],
  ['b/c', false],
  ['toString', false],
])('hasTask %s: %s (T1)', (path, expected) => {
  expect(hasTask(SPEC, path)).toBe(expected);
});
