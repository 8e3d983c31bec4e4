// The law, on a real store: which records let a deployment happen.

import { expect, test } from 'vitest';
import { checkDecision } from '../../../src/activities/check-decision.js';
import { recordApproval } from '../../../src/activities/record-approval.js';
import { DEFAULT_POLICY } from '../../../src/contract/index.js';
import type { ApprovalView, DeployPolicy, DeployRequest } from '../../../src/contract/index.js';
import { evaluatePolicy, policyDigest, verdictOf } from '../../../src/deploy/index.js';
import { isAnnealError } from '../../../src/errors/index.js';
import { appendDecision, keyOfDecision, type DecisionRecord } from '../../../src/lineage/index.js';
import { encodeRecord } from '../../../src/lineage/record.js';
import type { ArtifactStore } from '../../../src/storage/index.js';
import { plainJson, type JsonObject } from '../../../src/util/index.js';
import { GOOD, MODEL } from '../deploy/gate/policy-case.js';
import { mutations } from '../deploy/gate/mutations.js';
import { temporaryStore } from '../lineage/temporary-store.js';

const request: DeployRequest = {
  run: { runId: 'run-1', pipeline: 'churn', digest: `sha256:${'c'.repeat(64)}` },
  ...{ task: 'condition-1/deploy-model', component: 'comp-deploy-model', attempt: 1 },
  model: {
    ...{ name: 'model', type: 'system.Model', schemaVersion: '0.0.1', metadata: {} },
    ...{ uri: 'file:///store/model', digest: MODEL },
  },
  evaluation: {
    ...{ name: 'metrics', type: 'system.Metrics', schemaVersion: '0.0.1' },
    ...{ uri: 'file:///store/metrics', metadata: GOOD.evaluation as JsonObject },
  },
  endpointName: 'churn-model-prod',
  parameters: {},
};
const APPROVING: DeployPolicy = { ...DEFAULT_POLICY, approval: { timeoutHours: 1 } };
const YES: ApprovalView = {
  ...{ answer: 'approved', by: 'ada', reason: 'seen' },
  at: '2026-01-01T00:00:00.000Z',
};

function recordUnder(policy: DeployPolicy): DecisionRecord {
  const { passed, reason, rules } = evaluatePolicy(policy.gate, GOOD);
  return {
    ...{ schemaVersion: 1, endpoint: request.endpointName, run: request.run, task: request.task },
    ...{ modelDigest: MODEL, evaluation: request.evaluation, trainData: [], heldOut: [] },
    ...{ policy: plainJson(policy) as JsonObject, policyDigest: policyDigest(policy) },
    ...{ facts: plainJson(GOOD) as JsonObject, verdict: verdictOf(policy, passed), reason, rules },
    evaluator: { anneal: '0.1.0', component: `sha256:${'d'.repeat(64)}` },
    decidedAt: '2026-01-01T00:00:00.000Z',
  };
}

async function decided(policy: DeployPolicy = DEFAULT_POLICY) {
  const store = await temporaryStore();
  const record = recordUnder(policy);
  const stored = await appendDecision(store, keyOfDecision(record), record);
  const { recordKey, recordDigest } = stored;
  return { store, record, request: { ...request, decision: { recordKey, recordDigest } } };
}

async function refusal(
  store: ArtifactStore,
  asked: DeployRequest,
  policy: DeployPolicy = DEFAULT_POLICY,
): Promise<string | undefined> {
  try {
    await checkDecision(store, asked, policy);
    return undefined;
  } catch (error) {
    if (!isAnnealError(error) || error.code !== 'E_DEPLOY_REFUSED') throw error;
    return error.message;
  }
}

/** The store, but with other bytes under one key: hundreds of forgeries without hundreds of writes to the disk. */
function holdingAt(store: ArtifactStore, key: string, text: string): ArtifactStore {
  const get = (asked: string) =>
    asked === key ? Promise.resolve(Buffer.from(text)) : store.get(asked);
  return Object.assign(Object.create(store) as ArtifactStore, { get });
}

test('the decision that was made deploys', async () => {
  const { store, request } = await decided();

  expect(await refusal(store, request)).toBeUndefined();
});

test('a request without a decision, or with one that is not there, deploys nothing', async () => {
  const { store, request: asked } = await decided();
  const gone = { ...asked.decision, recordKey: asked.decision.recordKey.replace('run-1', 'run-2') };

  expect(await refusal(store, request)).toContain('no decision of the gate is on record');
  expect(await refusal(store, { ...asked, decision: gone })).toContain('no decision of the gate');
  const outside = { ...asked.decision, recordKey: '../elsewhere' };
  expect(await refusal(store, { ...asked, decision: outside })).toContain('damaged');
});

test('a record with any part changed deploys nothing, also when its digest is made to fit', async () => {
  const { store, record, request } = await decided();
  const key = request.decision.recordKey;
  const changed = mutations(plainJson(record));
  const deployed: string[] = [];
  for (const { path, value } of changed) {
    const forged = holdingAt(store, key, encodeRecord(value as object));
    if ((await refusal(forged, request)) === undefined) deployed.push(path);
  }

  expect(changed.length).toBeGreaterThan(200);
  expect(deployed).toEqual([]);
});

test('a record with a byte changed deploys nothing', async () => {
  const { store, request } = await decided();
  const key = request.decision.recordKey;
  const text = Buffer.from((await store.get(key))!).toString('utf8');
  await store.put(key, text.replace('"verdict": "accepted"', '"verdict":  "accepted"'));

  expect(await refusal(store, request)).toContain('not the one that was made');
});

test('a request with any part changed that says what is deployed, and where, deploys nothing', async () => {
  const { store, request } = await decided();
  const watched = ['run.', 'task', 'model.digest', 'evaluation', 'endpointName', 'decision.'];
  const changed = mutations(plainJson(request)).filter(({ path }) =>
    watched.some((each) => path.startsWith(each)),
  );
  const deployed: string[] = [];
  for (const { path, value } of changed) {
    if ((await refusal(store, value as DeployRequest)) === undefined) deployed.push(path);
  }

  expect(changed.length).toBeGreaterThan(40);
  expect(deployed).toEqual([]);
});

test('a decision copied to the key of another deployment deploys nothing there', async () => {
  const { store, record, request: first } = await decided();
  const other = { ...request, task: 'condition-2/deploy-model' };
  const key = keyOfDecision({ ...record, task: other.task });
  const { recordKey, recordDigest } = await appendDecision(store, key, record);
  const decision = { recordKey, recordDigest };

  expect(await refusal(store, { ...other, decision })).toContain('key that is not its own');
  expect(await refusal(store, { ...other, decision: first.decision })).toContain('another task');
});

test('a policy that was changed meanwhile deploys nothing', async () => {
  const { store, request } = await decided();
  const stricter = { ...DEFAULT_POLICY, gate: { ...DEFAULT_POLICY.gate, maxPValue: 0.01 } };

  expect(await refusal(store, request, stricter)).toContain('policy');
});

test('where a person must agree, the first answer counts', async () => {
  const { store, request } = await decided(APPROVING);
  expect(await refusal(store, request, APPROVING)).toContain('nobody has approved');

  await recordApproval({ store }, { deployment: request, approval: YES });
  const late = { ...YES, answer: 'rejected', by: 'eve' } as const;
  const counted = await recordApproval({ store }, { deployment: request, approval: late });

  const { by, reason, at } = YES;
  expect(counted).toEqual(YES);
  expect(await checkDecision(store, request, APPROVING)).toEqual({ by, reason, at });
});

test('a rejection deploys nothing', async () => {
  const { store, request } = await decided(APPROVING);

  await recordApproval(
    { store },
    { deployment: request, approval: { ...YES, answer: 'rejected' } },
  );

  expect(await refusal(store, request, APPROVING)).toContain('ada rejected');
});

test('an answer to a decision that waits for nobody, or is not there, is refused', async () => {
  const { store, request: asked } = await decided();

  await expect(
    recordApproval({ store }, { deployment: asked, approval: YES }),
  ).rejects.toMatchObject({
    code: 'E_STATE',
  });
  await expect(
    recordApproval({ store }, { deployment: request, approval: YES }),
  ).rejects.toMatchObject({ code: 'E_STATE' });
});
