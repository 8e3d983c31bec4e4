// Two writers change the stages of a model in every order that their entries can come in.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  archiveVersion,
  foldModel,
  markChampion,
  markRolledBack,
  readModel,
  registerCandidate,
  type ModelView,
} from '../../../src/models/index.js';
import type { ArtifactStore } from '../../../src/storage/index.js';
import { isAnnealError } from '../../../src/errors/index.js';
import { candidateOf } from '../../support/model-candidate.js';
import { memoryStore } from '../../support/memory-store.js';

const NAME = 'm';
const VERSIONS = 4;

type Step =
  | { readonly kind: 'promote' | 'archive'; readonly version: number }
  | { readonly kind: 'rollback' };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constantFrom('promote' as const, 'archive' as const),
    version: fc.integer({ min: 1, max: VERSIONS }),
  }),
  fc.constant({ kind: 'rollback' as const }),
);
const steps = fc.array(step, { minLength: 1, maxLength: 12 });

describe('stages that two writers change at once', () => {
  test('leave exactly one champion from the first promotion on (M1)', async () => {
    await fc.assert(
      fc.asyncProperty(steps, steps, fc.scheduler(), async (first, second, scheduler) => {
        const store = memoryStore((work) => scheduler.schedule(Promise.resolve()).then(work));
        const filled = fill(store);
        await scheduler.waitFor(filled);

        await scheduler.waitFor(
          Promise.all([carryOut(store, 'first', first), carryOut(store, 'second', second)]),
        );

        const model = await scheduler.waitFor(readModel(store, NAME));
        expectOneChampion(model);
        for (let length = 0; length <= model.events.length; length += 1) {
          expectOneChampion(foldModel(NAME, model.versions, model.events.slice(0, length)));
        }
      }),
      { numRuns: 60 },
    );
  });
});

async function fill(store: ArtifactStore): Promise<void> {
  for (let version = 1; version <= VERSIONS; version += 1) {
    await registerCandidate(store, candidateOf(NAME, `model ${version}`));
  }
}

/** What a writer does, as the commands do it: a rollback goes where the registry says at that moment. */
async function carryOut(
  store: ArtifactStore,
  writer: string,
  wanted: readonly Step[],
): Promise<void> {
  for (const [index, each] of wanted.entries()) {
    const change = { name: NAME, by: writer, cause: `${writer}/${index}` };
    if (each.kind === 'promote') await markChampion(store, { ...change, version: each.version });
    else if (each.kind === 'archive') {
      await archiveVersion(store, { ...change, version: each.version }).catch(unlessServing);
    } else {
      const { formerChampion } = await readModel(store, NAME);
      if (formerChampion !== undefined) {
        await markRolledBack(store, { ...change, version: formerChampion });
      }
    }
  }
}

function unlessServing(error: unknown): void {
  if (!isAnnealError(error) || error.code !== 'E_STATE') throw error;
}

function expectOneChampion({ champion, formerChampion, versions, events }: ModelView): void {
  const isServing = events.some(({ kind }) => kind === 'promoted' || kind === 'rolled_back');
  const champions = versions.filter(({ stage }) => stage === 'champion');
  expect(champions.map(({ version }) => version)).toEqual(isServing ? [champion] : []);
  expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, index) => index + 1));
  if (formerChampion !== undefined) expect(formerChampion).not.toBe(champion);
}
