// A registered version outside a run: its log in the registry is not enough.

import { describe, expect, test } from 'vitest';
import { checkVersionDecision } from '../../../src/activities/check-version-decision.js';
import {
  appendApproval,
  appendDecision,
  keyOfDecision,
  type DecisionRecord,
} from '../../../src/lineage/index.js';
import {
  registerCandidate,
  recordApproval,
  showModel,
  type ModelVersionView,
} from '../../../src/models/index.js';
import type { ArtifactStore } from '../../../src/storage/index.js';
import { memoryStore } from '../../support/memory-store.js';
import { candidateOf } from '../../support/model-candidate.js';

const NAME = 'churn-model-prod';
const DIGEST = `sha256:${'d'.repeat(64)}`;
const candidate = candidateOf(NAME, 'a');
const OTHER = candidateOf(NAME, 'b').model.digest;

/** A version that the registry calls accepted, and what the gate has on record. */
async function registered(changes: Partial<DecisionRecord>): Promise<{
  store: ArtifactStore;
  version: ModelVersionView;
  readonly answer: (yes: boolean) => Promise<void>;
}> {
  const store = memoryStore((work) => Promise.resolve().then(work));
  const { task, ...run } = candidate.run;
  const record: DecisionRecord = {
    ...{ schemaVersion: 1, endpoint: NAME, run, task, modelDigest: candidate.model.digest },
    ...{ trainData: [], heldOut: [], policy: {}, policyDigest: DIGEST, facts: {}, rules: [] },
    ...{ verdict: 'accepted', reason: 'all rules hold' },
    evaluator: { anneal: '0.1.0', component: DIGEST },
    decidedAt: '2026-01-01T00:00:00.000Z',
    ...changes,
  };
  const decisionKey = keyOfDecision(record);
  const stored = await appendDecision(store, decisionKey, record);
  await registerCandidate(store, { ...candidate, verdict: 'accepted', decisionKey });
  const [version] = (await showModel(store, NAME)).versions;
  const at = '2026-01-02T00:00:00.000Z';
  const said = { by: 'ada', reason: '', at };
  return {
    store,
    version: version!,
    answer: async (yes) => {
      await appendApproval(store, stored, { answer: yes ? 'approved' : 'rejected', ...said });
    },
  };
}

describe('a version that the registry calls accepted', () => {
  test('goes live when the record of the gate accepts it', async () => {
    const { store, version } = await registered({});

    await expect(checkVersionDecision(store, version)).resolves.toBeUndefined();
  });

  test.each<[string, Partial<DecisionRecord>, string]>([
    ['is about another model', { modelDigest: OTHER }, 'another model or endpoint'],
    ['is about another endpoint', { endpoint: 'other' }, 'another model or endpoint'],
    ['refuses it', { verdict: 'refused' }, 'does not let it go live'],
    ['waits for a person', { verdict: 'needs_approval' }, 'does not let it go live'],
  ])('is refused when the record %s', async (_, changes, reason) => {
    const { store, version } = await registered(changes);

    await expect(checkVersionDecision(store, version)).rejects.toMatchObject({
      code: 'E_DEPLOY_REFUSED',
      message: expect.stringContaining(reason) as string,
    });
  });

  test('is refused when there is no record', async () => {
    const { store, version } = await registered({});
    const without = { ...version, decisionKey: undefined };
    const gone = { ...version, decisionKey: version.decisionKey!.replace('run', 'ran') };

    for (const each of [without, gone]) {
      await expect(checkVersionDecision(store, each)).rejects.toThrow('no decision of the gate');
    }
  });

  test.each([
    [true, undefined],
    [false, 'E_DEPLOY_REFUSED'],
  ])('that a person answered with %s', async (yes, code) => {
    const { store, version, answer } = await registered({ verdict: 'needs_approval' });
    await answer(yes);

    const failure: unknown = await checkVersionDecision(store, version).catch(
      (error: unknown) => error,
    );

    expect((failure as { code?: string } | undefined)?.code).toBe(code);
  });
});

test('a version that a person rejected in the registry is refused, whatever the record says', async () => {
  const { store } = await registered({});
  const change = { name: NAME, version: 1, by: 'bob', cause: 'review' };
  await recordApproval(store, { ...change, approved: false });
  const [version] = (await showModel(store, NAME)).versions;

  await expect(checkVersionDecision(store, version!)).rejects.toMatchObject({
    code: 'E_DEPLOY_REFUSED',
  });
});
