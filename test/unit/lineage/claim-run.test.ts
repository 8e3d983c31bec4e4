import { expect, test } from 'vitest';
import { claimRun } from '../../../src/lineage/index.js';
import { temporaryStore } from './temporary-store.js';

test('C1: a run id is refused to every start but the first', async () => {
  const store = await temporaryStore();

  const claims = [await claimRun(store, 'r1', 'first'), await claimRun(store, 'r1', 'second')];

  expect(claims).toEqual([true, false]);
});

test('C1: of many starts at once, one gets the id', async () => {
  const store = await temporaryStore();

  const claims = await Promise.all(
    Array.from({ length: 20 }, (_, index) => claimRun(store, 'r1', `start-${index}`)),
  );

  expect(claims.filter(Boolean)).toHaveLength(1);
});

test('C2: the start that has the id may ask again', async () => {
  const store = await temporaryStore();
  await claimRun(store, 'r1', 'first');

  const again = await claimRun(store, 'r1', 'first');

  expect(again).toBe(true);
});
