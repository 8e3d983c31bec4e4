import { describe, expect, test } from 'vitest';
import type { TaskValues } from '../../../src/contract/index.js';
import { hostPath, inputSeenAt, layOutFiles } from '../../../src/runners/task-files.js';

const artifact = (uri: string) => ({
  name: 'data',
  type: 'system.Dataset',
  schemaVersion: '0.0.1',
  uri,
  metadata: {},
});
const inputs: TaskValues = {
  parameters: {},
  artifacts: {
    data: [artifact('file:///store/runs/r/prep/1/outputs/data')],
    raw: [artifact('file:///home/me/churn.csv')],
    far: [artifact('gs://elsewhere/x')],
  },
};
const locals = new Map([
  ['file:///store/runs/r/prep/1/outputs/data', '/store/runs/r/prep/1/outputs/data'],
  ['file:///home/me/churn.csv', '/home/me/churn.csv'],
]);
const layOut = (access: 'host' | 'mounted') =>
  layOutFiles(access, '/store/runs/r/train/1', inputs, { locals, sources: new Map() });

describe('the files of an execution', () => {
  test('have one name where tasks are processes of this machine (F1)', () => {
    const files = layOut('host');

    expect(files.seenFolder).toBe(files.folder);
    expect(files.inputs.map(({ seenPath }) => seenPath)).toEqual([
      '/store/runs/r/prep/1/outputs/data',
      '/home/me/churn.csv',
      'gs://elsewhere/x',
    ]);
    expect(hostPath(files, '/anywhere/else')).toBe('/anywhere/else');
  });

  test('have names of the container that say nothing of this machine (F2)', () => {
    const files = layOut('mounted');

    expect(files.seenFolder).toBe('/anneal/task');
    expect(files.inputs.map(({ seenPath }) => seenPath)).toEqual([
      '/anneal/inputs/0/data',
      '/anneal/inputs/1/churn.csv',
      'gs://elsewhere/x',
    ]);
  });

  test.each([
    ['/anneal/task/outputs/model', '/store/runs/r/train/1/outputs/model'],
    ['/anneal/task', '/store/runs/r/train/1'],
    ['/anneal/inputs/0/data/part-1', '/store/runs/r/prep/1/outputs/data/part-1'],
    ['/anneal/inputs/1/churn.csv', '/home/me/churn.csv'],
  ])('a path of the container is found on this machine: %s', (seen, expected) => {
    expect(hostPath(layOut('mounted'), seen)).toBe(expected);
  });

  test.each(['/tmp/model', '/anneal/taskless', '/anneal/inputs/0/database', '/anneal/task/../x'])(
    "a place of the container's own is nowhere on this machine: %s",
    (seen) => {
      expect(hostPath(layOut('mounted'), seen)).toBeUndefined();
    },
  );

  test('an input is known by the path that the task was given', () => {
    expect(inputSeenAt(layOut('mounted'), '/anneal/inputs/1/churn.csv')?.uri).toBe(
      'file:///home/me/churn.csv',
    );
  });
});
