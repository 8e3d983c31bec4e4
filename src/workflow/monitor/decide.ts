// What a monitor does about a check: plain functions of what is known and what was found.
//
// M1. A retraining begins only on a feature's index above the limit, over enough rows; a tie is no drift.
// M2. One retraining at a time.
// M3. None begins within the cool-down, counted from the end of the last one, whatever came of it.
// M4. A check that failed changes nothing but the record.
// M5. The id of a retraining follows from the monitor's start and the check's number: deciding twice starts one run.

import {
  lossesOf,
  type DriftFinding,
  type MonitorInput,
  type MonitorRound,
  type MonitorState,
  type RetrainView,
} from '../../contract/index.js';

/** What a check gave: a comparison, or why there is none. */
export type CheckOutcome = DriftFinding | { readonly failure: string };

export type Limits = Pick<
  MonitorInput,
  'endpoint' | 'limit' | 'minRows' | 'coolDownSeconds' | 'startedAt'
>;

// In the state that a query answers; the store has all.
const ROUNDS_KEPT = 30;

export const NO_CHECKS: MonitorState = { checks: 0, retrains: 0, isPaused: false, rounds: [] };

/**
 * Takes in a check.
 *
 * @param at ISO 8601: when it was made
 * @returns the state after it; its last round says what to do: a run to start when the action is `retrain`
 */
export function afterCheck(
  state: MonitorState,
  limits: Limits,
  at: string,
  outcome: CheckOutcome,
): { readonly state: MonitorState; readonly round: MonitorRound } {
  const check = state.checks + 1;
  const judged = judge(state, limits, at, outcome);
  const begins = judged.action === 'retrain';
  const retrain = begins
    ? { retrain: { runId: retrainId(limits, check), status: 'running' as const } }
    : {};
  const round: MonitorRound = { check, at, ...judged, ...retrain };
  return {
    round,
    state: {
      ...state,
      checks: check,
      retrains: state.retrains + (begins ? 1 : 0),
      retraining: begins ? check : state.retraining,
      rounds: [...state.rounds, round].slice(-ROUNDS_KEPT),
    },
  };
}

/** Takes in the end of the retraining that a check began. */
export function afterRetrain(
  state: MonitorState,
  check: number,
  ended: RetrainView & { readonly endedAt: string },
): MonitorState {
  return {
    ...state,
    retraining: undefined,
    lastRetrainEndedAt: ended.endedAt,
    rounds: state.rounds.map((round) =>
      round.check === check ? { ...round, retrain: ended } : round,
    ),
  };
}

/** Run id of a retraining (M5). */
export function retrainId({ endpoint, startedAt }: Limits, check: number): string {
  return `monitor-${endpoint}-${startedAt.replaceAll(/\D/g, '').slice(0, 14)}-${check}`;
}

type Judged = Pick<
  MonitorRound,
  'verdict' | 'action' | 'reason' | 'maxPsi' | 'feature' | 'reportKey'
>;

function judge(state: MonitorState, limits: Limits, at: string, outcome: CheckOutcome): Judged {
  if ('failure' in outcome) return { verdict: 'failed', action: 'none', reason: outcome.failure };
  const { capturedRows, features, reportKey } = outcome;
  const { limit, minRows } = limits;
  const [greatest] = features;
  if (capturedRows < minRows || greatest === undefined) {
    const reason = [
      `${capturedRows} rows were captured; ${minRows} are needed`,
      ...lossesOf(outcome),
    ].join('; ');
    return { verdict: 'too_few_rows', action: 'none', reason, reportKey };
  }
  const { name: feature, psi: maxPsi } = greatest;
  const seen = { maxPsi, feature, reportKey };
  const index = `${feature} has index ${shortly(maxPsi)} over ${capturedRows} rows`;
  const numbers = [index, ...lossesOf(outcome).map((loss) => ` (${loss})`)].join('');
  if (maxPsi <= limit) {
    return {
      verdict: 'stable',
      action: 'none',
      reason: `${numbers}; the limit is ${limit}`,
      ...seen,
    };
  }
  const drifted = `${numbers}, above the limit ${limit}`;
  const hold = whyHeld(state, limits, at);
  const action = hold?.action ?? 'retrain';
  const reason = hold === undefined ? drifted : `${drifted}; ${hold.reason}`;
  return { verdict: 'drifted', action, reason, ...seen };
}

/** M2, M3 */
function whyHeld(
  { retraining, lastRetrainEndedAt }: MonitorState,
  { coolDownSeconds }: Limits,
  at: string,
): Pick<MonitorRound, 'action' | 'reason'> | undefined {
  if (retraining !== undefined) {
    return { action: 'retraining', reason: `the retraining of check ${retraining} goes on` };
  }
  if (lastRetrainEndedAt === undefined) return undefined;
  const until = Date.parse(lastRetrainEndedAt) + coolDownSeconds * 1000;
  if (Date.parse(at) >= until) return undefined;
  return { action: 'cooling_down', reason: `cooling down until ${new Date(until).toISOString()}` };
}

function shortly(psi: number): number {
  return Number(psi.toPrecision(3));
}
