import type { DeployPolicy, Verdict } from '../../contract/index.js';

/** What a policy says to a model for which its rules hold, or do not. */
export function verdictOf(policy: DeployPolicy, passed: boolean): Verdict {
  if (!passed) return 'refused';
  return policy.approval === undefined ? 'accepted' : 'needs_approval';
}
