import type { ApprovalPolicy, JudgeResult, Verdict } from '../../src/contract/index.js';

/** What a gate without rules says of a model. */
export function judgedAs(verdict: Verdict, approval?: ApprovalPolicy): JudgeResult {
  const digest = `sha256:${'d'.repeat(64)}`;
  return {
    decision: {
      ...{ verdict, reason: 'all rules hold', rules: [] },
      ...{ modelDigest: digest, policyDigest: digest, recordDigest: digest },
      decidedAt: '2026-01-01T00:00:00.000Z',
      recordKey: 'models/churn/decisions/run-1/deploy/decision.json',
    },
    ...(approval && { approval }),
  };
}
