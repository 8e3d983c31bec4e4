// A version that a person names is to be live, not beside another one.

import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { deployVersion } from '../../../src/activities/deploy-version.js';
import type { ActivityParts } from '../../../src/activities/activity-parts.js';
import type { DeploymentRequest } from '../../../src/deploy/index.js';
import { appendDecision, keyOfDecision, type DecisionRecord } from '../../../src/lineage/index.js';
import { registerCandidate } from '../../../src/models/index.js';
import { openLocalStore, sha256Of } from '../../../src/storage/index.js';
import { candidateOf } from '../../support/model-candidate.js';

const NAME = 'churn-model-prod';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'anneal-version-'));
});
afterEach(() => rm(folder, { recursive: true }));

test.each([{ split: { percent: 20 } }, { shadow: { samplingPercent: 20 } }])(
  'a promotion is of the version alone, though the policy says %j',
  async (beside) => {
    const store = await openLocalStore(folder);
    await store.put('models/m', 'm');
    const candidate = candidateOf(NAME, 'm');
    const model = { ...candidate.model, uri: store.uriOf('models/m'), digest: sha256Of('m') };
    const { task, ...run } = candidate.run;
    const record: DecisionRecord = {
      ...{ schemaVersion: 1, endpoint: NAME, run, task, modelDigest: model.digest },
      ...{ trainData: [], heldOut: [], policy: {}, policyDigest: sha256Of('p'), facts: {} },
      ...{ rules: [], verdict: 'accepted', reason: 'all rules hold' },
      evaluator: { anneal: '0.1.0', component: sha256Of('c') },
      decidedAt: '2026-01-01T00:00:00.000Z',
    };
    const decisionKey = keyOfDecision(record);
    await appendDecision(store, decisionKey, record);
    await registerCandidate(store, { ...candidate, model, decisionKey });
    const asked: DeploymentRequest[] = [];
    const deploy = (request: DeploymentRequest) => {
      asked.push(request);
      return Promise.resolve({ status: 'promoted', endpoint: NAME } as const);
    };
    const policies = [{ sagemaker: { ...beside, instanceCount: 2 } }];
    const parts = { store, policies, deployer: { deploy } } as unknown as ActivityParts;

    await deployVersion(
      parts,
      {
        ...{ name: NAME, version: 1, change: 'promote', changeId: 'c1' },
        ...{ by: 'ada', heartbeatSeconds: 30 },
      },
      { signal: new AbortController().signal, progress: () => undefined },
    );

    expect(asked).toHaveLength(1);
    expect(asked[0]!.sagemaker).toEqual({ instanceCount: 2 });
  },
);
