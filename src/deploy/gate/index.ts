export { checkGate, type GateDecision } from './check-gate.js';
export { evaluatePolicy, type PolicyFinding } from './evaluate-policy.js';
export { findDecisionFault, type RecordedDecision } from './find-decision-fault.js';
export type * from './gate-facts.js';
export { policyDigest } from './policy-digest.js';
export { verdictOf } from './verdict-of.js';
