// What must hold of the registry of models on every store.

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  archiveVersion,
  markChampion,
  markRolledBack,
  recordApproval,
  registerCandidate,
  showModel,
} from '../../src/models/index.js';
import type { ArtifactStore } from '../../src/storage/index.js';
import type { OpenedStore } from './artifact-store.js';
import { candidateOf } from '../support/model-candidate.js';

const NAME = 'churn-model-prod';
const WRITERS = 4;

/** Runs the suite against stores that `open` makes, one new store a test. */
export function describeModelRegistry(name: string, open: () => Promise<OpenedStore>): void {
  describe(`the registry of models on ${name}`, () => {
    let opened: OpenedStore;
    let store: ArtifactStore;

    beforeEach(async () => {
      opened = await open();
      store = opened.store;
    });
    afterEach(() => opened.close());

    const each = <Result>(work: (writer: number) => Promise<Result>): Promise<Result[]> =>
      Promise.all(Array.from({ length: WRITERS }, (_, writer) => work(writer)));

    test('the same bytes are one version, however many offer them at once (V1)', async () => {
      const versions = await each((writer) =>
        registerCandidate(store, candidateOf(NAME, 'same', { runId: `run-${writer}` })),
      );

      expect(new Set(versions.map(({ version }) => version))).toEqual(new Set([1]));
      const { events } = await showModel(store, NAME);
      expect(events.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4]);
    });

    test('versions that are offered at once have numbers without a gap', async () => {
      await each((writer) => registerCandidate(store, candidateOf(NAME, `model ${writer}`)));

      const { versions } = await showModel(store, NAME);
      expect(versions.map(({ version }) => version)).toEqual([4, 3, 2, 1]);
    });

    test('promotions at once leave one champion, and every one is in the log', async () => {
      for (const text of ['a', 'b']) await registerCandidate(store, candidateOf(NAME, text));

      await each((writer) =>
        markChampion(store, {
          ...{ name: NAME, version: 1 + (writer % 2), by: 'x', cause: String(writer) },
        }),
      );

      const { versions, events } = await showModel(store, NAME);
      expect(versions.filter(({ stage }) => stage === 'champion')).toHaveLength(1);
      expect(events.filter(({ kind }) => kind === 'promoted')).toHaveLength(WRITERS);
    });

    test('a change that is made again, by another try of its activity, is made once (L2)', async () => {
      await registerCandidate(store, candidateOf(NAME, 'a'));
      const change = { name: NAME, version: 1, by: 'run r', cause: 'r/deploy' };

      await each(() => markChampion(store, change));

      const { events } = await showModel(store, NAME);
      expect(events.filter(({ kind }) => kind === 'promoted')).toHaveLength(1);
    });

    test('a model goes back to the champion before, and no further than there were any', async () => {
      for (const [index, text] of ['a', 'b', 'c'].entries()) {
        await registerCandidate(store, candidateOf(NAME, text));
        const by = { by: 'x', cause: `promote ${text}` };
        await markChampion(store, { name: NAME, version: index + 1, ...by });
      }
      expect(await showModel(store, NAME)).toMatchObject({ champion: 3, formerChampion: 2 });

      await markRolledBack(store, { name: NAME, version: 2, by: 'x', cause: 'back' });
      expect(await showModel(store, NAME)).toMatchObject({ champion: 2, formerChampion: 1 });

      await markRolledBack(store, { name: NAME, version: 1, by: 'x', cause: 'further back' });
      const model = await showModel(store, NAME);
      expect(model.champion).toBe(1);
      expect(model.formerChampion).toBeUndefined();
      expect(model.versions.map(({ stage }) => stage)).toEqual([
        'archived',
        'archived',
        'champion',
      ]);
    });

    test('the champion cannot be archived; a candidate can', async () => {
      for (const text of ['a', 'b']) await registerCandidate(store, candidateOf(NAME, text));
      await markChampion(store, { name: NAME, version: 1, by: 'x', cause: 'p' });
      const archive = (version: number): Promise<unknown> =>
        archiveVersion(store, { name: NAME, version, by: 'x', cause: `a${version}` });

      await expect(archive(1)).rejects.toMatchObject({ code: 'E_STATE' });
      await archive(2);

      const { versions } = await showModel(store, NAME);
      expect(versions.map(({ stage }) => stage)).toEqual(['archived', 'champion']);
    });

    test('a version tells who decided on it last', async () => {
      await registerCandidate(
        store,
        candidateOf(NAME, 'a', { verdict: 'needs_approval', reason: 'by policy' }),
      );
      const by = { name: NAME, version: 1, by: 'ada' };
      expect((await showModel(store, NAME)).versions[0]).toMatchObject({
        verdict: 'needs_approval',
        reason: 'by policy',
      });

      await recordApproval(store, { ...by, approved: true, reason: 'looks good', cause: '1' });
      expect((await showModel(store, NAME)).versions[0]).toMatchObject({
        verdict: 'accepted',
        approvedBy: 'ada',
        reason: 'looks good',
      });

      await recordApproval(store, { ...by, approved: false, cause: '2' });
      expect((await showModel(store, NAME)).versions[0]?.verdict).toBe('refused');
    });

    test('a damaged entry of the log is an error that names it', async () => {
      await registerCandidate(store, candidateOf(NAME, 'a'));
      const key = `models/${NAME}/events/1.json`;
      const text = Buffer.from((await store.get(key))!).toString('utf8');
      await store.put(key, text.replace('"accepted"', '"refused"'));

      await expect(showModel(store, NAME)).rejects.toMatchObject({ code: 'E_RECORD' });
    });

    test('a model or version that is not there is named with what there is', async () => {
      await registerCandidate(store, candidateOf(NAME, 'a'));
      const change = { name: NAME, version: 7, by: 'x', cause: 'p' };

      await expect(showModel(store, 'churn-model-prd')).rejects.toMatchObject({
        code: 'E_NOT_FOUND',
        message: expect.stringContaining(NAME) as string,
      });
      await expect(markChampion(store, change)).rejects.toMatchObject({ code: 'E_NOT_FOUND' });
    });
  });
}
