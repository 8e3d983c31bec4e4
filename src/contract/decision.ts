// What the gate of an endpoint decided about a model, as it is recorded and shown.

/** The rules of the gate, in the order they are applied. */
export const GATE_RULES = [
  'evaluation',
  'leak',
  'metric',
  'majority',
  'champion',
  'segment',
  'latency',
] as const;
export type GateRule = (typeof GATE_RULES)[number];

/** What one rule found. */
export interface RuleView {
  readonly rule: GateRule;
  readonly passed: boolean;
  /** The numbers it compared, by name; what could not be had is absent. */
  readonly numbers: Readonly<Record<string, number | string>>;
  /** One sentence for people. */
  readonly words: string;
  /** Set where it passed without having been able to compare: for people to know. */
  readonly warning?: boolean;
}

/** needs_approval: every rule holds, and a person must agree. */
export type Verdict = 'accepted' | 'refused' | 'needs_approval';

/** What a person said. */
export interface ApprovalView {
  readonly answer: 'approved' | 'rejected';
  readonly by: string;
  readonly reason: string;
  /** ISO 8601, server time. */
  readonly at: string;
}

/** The decision about one model for one endpoint. */
export interface DecisionView {
  readonly verdict: Verdict;
  /** Why: the words of the rules that failed, or that all hold. */
  readonly reason: string;
  readonly rules: readonly RuleView[];
  readonly modelDigest: string;
  /** Digest of the model that was live; absent: none was, or it was not looked at. */
  readonly championDigest?: string;
  /** Digest of the policy that was applied. */
  readonly policyDigest: string;
  /** ISO 8601. */
  readonly decidedAt: string;
  /** Where the record is in the store. */
  readonly recordKey: string;
  /** `sha256:<hex>` of the record's bytes: the deployer wants these very ones. */
  readonly recordDigest: string;
  /** Set once a person has answered. */
  readonly approval?: ApprovalView;
}

export interface JudgeResult {
  readonly decision: DecisionView;
  /** What the policy asks of the person who must agree; absent: nobody is asked. */
  readonly approval?: { readonly timeoutHours: number; readonly remindHours?: number };
}

/** Where a decision is, and which bytes it must have. */
export type DecisionRef = Pick<DecisionView, 'recordKey' | 'recordDigest'>;
