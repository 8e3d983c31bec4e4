// Whether a decision on record lets a deployment happen: the law, checked by the deployer itself.
//
// L1. The decision is about this very deployment: endpoint, run, task, model, evaluation.
// L2. It was made under the policy in force now, and that policy, applied again to the facts on record, says the same.
// L3. Where the policy asks for a person, a person has approved this very decision.

import type {
  ApprovalView,
  ArtifactRef,
  DeployPolicy,
  DeployRequest,
  RuleView,
  Verdict,
} from '../../contract/index.js';
import { canonicalJson, plainJson } from '../../util/index.js';
import { evaluatePolicy } from './evaluate-policy.js';
import type { GateFacts } from './gate-facts.js';
import { policyDigest } from './policy-digest.js';
import { verdictOf } from './verdict-of.js';

/** What a decision record says, as far as the law asks. */
export interface RecordedDecision {
  readonly endpoint: string;
  readonly run: DeployRequest['run'];
  readonly task: string;
  readonly modelDigest: string;
  readonly evaluation?: ArtifactRef;
  readonly policyDigest: string;
  /** GateFacts, as they were written. */
  readonly facts: Readonly<Record<string, unknown>>;
  readonly verdict: Verdict;
  readonly reason: string;
  readonly rules: readonly RuleView[];
}

/** @returns why the decision does not let the deployment happen; undefined when it does (L1 to L3) */
export function findDecisionFault(
  decision: RecordedDecision,
  request: DeployRequest,
  policy: DeployPolicy,
  approval: ApprovalView | undefined,
): string | undefined {
  return (
    differingPart(decision, request) ??
    brokenLaw(decision, policy) ??
    missingApproval(decision, approval)
  );
}

/** L1 */
function differingPart(decision: RecordedDecision, request: DeployRequest): string | undefined {
  const pairs: readonly (readonly [string, unknown, unknown])[] = [
    ['endpoint', decision.endpoint, request.endpointName],
    ['run', decision.run, request.run],
    ['task', decision.task, request.task],
    ['model', decision.modelDigest, request.model.digest],
    ['model of its facts', decision.facts?.['modelDigest'], request.model.digest],
    ['evaluation', decision.evaluation, request.evaluation],
    ['evaluation of its facts', decision.facts?.['evaluation'], request.evaluation?.metadata],
  ];
  const different = pairs.find(([, recorded, asked]) => !isSame(recorded, asked));
  return different && `the decision on record is about another ${different[0]}`;
}

/** L2 */
function brokenLaw(decision: RecordedDecision, policy: DeployPolicy): string | undefined {
  if (decision.policyDigest !== policyDigest(policy)) {
    return 'the policy of the endpoint has changed since the decision';
  }
  const { passed, reason, rules } = evaluatePolicy(policy.gate, factsOnRecord(decision.facts));
  const again = { verdict: verdictOf(policy, passed), reason, rules };
  const { verdict } = decision;
  if (!isSame(again, { verdict, reason: decision.reason, rules: decision.rules })) {
    return 'the decision on record does not follow from its facts';
  }
  return verdict === 'refused' ? `the gate refused the model: ${reason}` : undefined;
}

/** Facts whose parts are there, whatever is in them: the rules refuse what is no number. */
function factsOnRecord(facts: RecordedDecision['facts']): GateFacts {
  const { champion, evidence, recorded } = facts;
  return {
    ...facts,
    champion: isObject(champion) ? champion : { state: 'unknown', why: 'it is not on record' },
    evidence: isObject(evidence) ? evidence : {},
    recorded: isObject(recorded) ? recorded : {},
  } as unknown as GateFacts;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** L3 */
function missingApproval(
  { verdict }: RecordedDecision,
  approval: ApprovalView | undefined,
): string | undefined {
  if (verdict === 'accepted') return undefined;
  if (approval === undefined) return 'nobody has approved the model';
  if (approval.answer !== 'approved') return `${approval.by} rejected the model`;
  return approval.by.trim() === '' ? 'the approval does not say whose it is' : undefined;
}

function isSame(left: unknown, right: unknown): boolean {
  return text(left) === text(right);
}

function text(value: unknown): string {
  return value === undefined ? '' : canonicalJson(plainJson(value));
}
