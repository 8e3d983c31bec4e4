// Nothing but the decision that was made, about this very deployment, lets it happen.

import { expect, test } from 'vitest';
import { DEFAULT_POLICY } from '../../../../src/contract/index.js';
import type { ApprovalView, DeployPolicy, DeployRequest } from '../../../../src/contract/index.js';
import {
  evaluatePolicy,
  findDecisionFault,
  policyDigest,
  verdictOf,
  type RecordedDecision,
} from '../../../../src/deploy/index.js';
import { GOOD, MODEL } from './policy-case.js';
import { mutations } from './mutations.js';

const HEX = 'c'.repeat(64);
const request: DeployRequest = {
  run: { runId: 'run-1', pipeline: 'churn', digest: `sha256:${HEX}` },
  task: 'condition-1/deploy-model',
  component: 'comp-deploy-model',
  attempt: 1,
  model: {
    ...{ name: 'model', type: 'system.Model', schemaVersion: '0.0.1', metadata: {} },
    ...{ uri: 'file:///store/model', digest: MODEL },
  },
  evaluation: {
    ...{ name: 'metrics', type: 'system.Metrics', schemaVersion: '0.0.1' },
    ...{ uri: 'file:///store/metrics', metadata: GOOD.evaluation as never },
  },
  endpointName: 'churn-model-prod',
  parameters: {},
};

const decide = (policy: DeployPolicy): RecordedDecision => {
  const { passed, reason, rules } = evaluatePolicy(policy.gate, GOOD);
  return {
    ...{ endpoint: request.endpointName, run: request.run, task: request.task },
    ...{ modelDigest: MODEL, evaluation: request.evaluation, policyDigest: policyDigest(policy) },
    ...{ facts: { ...GOOD }, verdict: verdictOf(policy, passed), reason, rules },
  };
};
const approving: DeployPolicy = { ...DEFAULT_POLICY, approval: { timeoutHours: 1 } };
const approval: ApprovalView = {
  ...{ answer: 'approved', by: 'ada', reason: 'looks right' },
  at: '2026-01-01T00:00:00.000Z',
};

test('the decision that was made lets its deployment happen (L1, L2)', () => {
  expect(findDecisionFault(decide(DEFAULT_POLICY), request, DEFAULT_POLICY, undefined)).toBe(
    undefined,
  );
});

test('a decision with any part changed to what matters lets nothing happen (L1, L2)', () => {
  const decision = decide(DEFAULT_POLICY);
  const letThrough = mutations(decision).filter(
    ({ value }) =>
      findDecisionFault(value as RecordedDecision, request, DEFAULT_POLICY, undefined) ===
      undefined,
  );

  // Facts that no rule words or numbers repeat may be rounded differently: the record's own digest guards those.
  expect(letThrough.map(({ path }) => path).filter((path) => !path.startsWith('facts.'))).toEqual(
    [],
  );
});

test('a request with any part changed that says what is deployed, and where, is refused (L1)', () => {
  const decision = decide(DEFAULT_POLICY);
  const watched = ['run.', 'task', 'model.digest', 'evaluation', 'endpointName'];
  const letThrough = mutations(request)
    .filter(({ path }) => watched.some((each) => path.startsWith(each)))
    .filter(
      ({ value }) =>
        findDecisionFault(decision, value as DeployRequest, DEFAULT_POLICY, undefined) ===
        undefined,
    );

  expect(letThrough.map(({ path }) => path)).toEqual([]);
});

test('a policy with any part changed refuses what was decided under the earlier one (L2)', () => {
  const decision = decide(DEFAULT_POLICY);
  const letThrough = mutations(DEFAULT_POLICY).filter(({ value }) => {
    try {
      return findDecisionFault(decision, request, value as DeployPolicy, undefined) === undefined;
    } catch {
      return false;
    }
  });

  expect(letThrough.map(({ path }) => path)).toEqual([]);
});

test('where a person must agree, only an approval that says whose it is will do (L3)', () => {
  const decision = decide(approving);
  const faultWith = (given: ApprovalView | undefined) =>
    findDecisionFault(decision, request, approving, given);

  expect(faultWith(approval)).toBe(undefined);
  expect(faultWith(undefined)).toBe('nobody has approved the model');
  expect(faultWith({ ...approval, answer: 'rejected' })).toBe('ada rejected the model');
  expect(faultWith({ ...approval, by: ' ' })).toContain('whose it is');
});

test('a decision that was made without a person does not do once the policy asks for one (L2, L3)', () => {
  const decision = decide(DEFAULT_POLICY);

  expect(findDecisionFault(decision, request, approving, approval)).toContain('policy');
});
