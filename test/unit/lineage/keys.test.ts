import { expect, test } from 'vitest';
import { keys } from '../../../src/lineage/index.js';
import { assertStoreKey } from '../../../src/storage/index.js';

test('the keys of a run read like its tasks', () => {
  expect(keys.manifestKey('run-1', 'for-loop-1/2/train')).toBe(
    'runs/run-1/tasks/for-loop-1/2/train/_manifest.json',
  );
  expect(keys.attemptFolder('run-1', 'train', 3)).toBe('runs/run-1/tasks/train/_attempts/3');
});

test('a task named like a record of Anneal does not meet it (K1)', () => {
  const attempts = keys.attemptFolder('run-1', 'loop', 1);

  expect(keys.taskFolder('run-1', 'loop/_attempts/1')).not.toBe(attempts);
});

test.each(['../../etc/passwd', 'a//b', '..', 'é/\0', 'x'.repeat(3000), 'deep/'.repeat(300)])(
  'a run and task named %j still get a valid key',
  (name) => {
    const key = `${keys.attemptFolder(name, name, 1)}/outputs/${'o'.repeat(200)}`;

    expect(() => assertStoreKey(key)).not.toThrow();
  },
);

test('tasks too deep for a key keep apart by their hash', () => {
  const deep = Array(30).fill('a-rather-long-task-name').join('/');

  expect(keys.taskFolder('r', `${deep}/1`)).not.toBe(keys.taskFolder('r', `${deep}/2`));
});

test('a text that is no digest is refused as part of a key', () => {
  expect(() => keys.specKey('sha256:../../x')).toThrow(
    expect.objectContaining({ code: 'E_STORE_KEY' }),
  );
});
