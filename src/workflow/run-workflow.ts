// One run as one workflow: prepares the plan, lets the interpreter carry it out, keeps the result.
//
// W1. Deterministic: no clocks, randomness, hashing or I/O but through the port and activities.
// W2. The final state is recorded also for failed and canceled runs.

import {
  ActivityFailure,
  ApplicationFailure,
  CancellationScope,
  CancelledFailure,
  defineQuery,
  proxyLocalActivities,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { RUN_QUERY, WAITING_OUTCOME } from '../contract/index.js';
import type { AnnealActivities, HookPlan, RunInput, RunPlan, RunView } from '../contract/index.js';
import { startPipeline } from '../interpreter/index.js';
import { quickActivity } from './activity-options.js';
import { announce, announceApproval, announceEnd } from './announce.js';
import { Approvals } from './approvals.js';
import { DeployTurns } from './deploy-turns.js';
import { describeRun } from './describe-run.js';
import { scheduledTime } from './scheduled-time.js';
import { fitView } from './payload-size.js';
import { RunControl } from './run-control.js';
import { describeInSearch, OutcomeAttribute } from './search-attributes.js';
import { taskFailure, temporalPort } from './temporal-port.js';

const runQuery = defineQuery<RunView>(RUN_QUERY);

/**
 * Runs a pipeline to its end.
 *
 * @returns the final state of a run that succeeded
 * @throws ApplicationFailure E_RUN_FAILED with the final state as details[0]; CancelledFailure; an error of
 *   preparation (E_PARAM, E_NOT_FOUND, …) before anything has started
 */
export async function runWorkflow(input: RunInput): Promise<RunView> {
  const { workflowId, startTime } = workflowInfo();
  let view = () => preparing(workflowId, input, startTime);
  const showProgress = (): void => setCurrentDetails(describeRun(view()));
  const control = new RunControl(showProgress);
  const approvals = new Approvals();
  const turns = new DeployTurns();
  setHandler(runQuery, () => view());

  const plan = await prepare(workflowId, input, view());
  const outcome = new OutcomeAttribute(plan);
  describeInSearch(plan);
  approvals.tellTo({
    onChange: () => {
      outcome.set(approvals.views.length === 0 ? undefined : WAITING_OUTCOME);
      showProgress();
    },
    announce: (event) => void announceApproval(event, view(), plan.hooks),
  });
  const { version, source } = plan;
  await announce('run.started', { ...view(), ...plan.run, version, source }, plan.hooks);
  const final = await CancellationScope.cancellable(async () => {
    const scope = CancellationScope.current();
    const parts = { scope, control, approvals, turns, onChange: showProgress };
    const run = startPipeline(plan, temporalPort(plan, parts));
    view = () => fitView(withWaits(run.view(), control, approvals));
    return run.result.then(fitView);
  });
  outcome.set(final.deployment?.status === 'refused' ? 'refused' : final.status);
  await CancellationScope.nonCancellable(() => keep(final));
  await announceEnd(final, plan.hooks);
  return endWith(final);
}

/** A running run, with what it waits for. */
function withWaits(view: RunView, { paused }: RunControl, { views }: Approvals): RunView {
  if (view.status !== 'running') return view;
  return {
    ...view,
    ...(paused === undefined ? {} : { paused }),
    ...(views.length === 0 ? {} : { waitingFor: views }),
  };
}

async function prepare(runId: string, input: RunInput, view: RunView): Promise<RunPlan> {
  try {
    const activities = proxyLocalActivities<AnnealActivities>(quickActivity('prepare the run'));
    const { firstExecutionRunId: execution, startTime } = workflowInfo();
    const startedAt = startTime.toISOString();
    const times = { createdAt: startedAt, scheduledAt: scheduledTime() };
    const plan = await activities.prepareRun({ runId, execution, input, ...times });
    return { ...plan, startedAt };
  } catch (error) {
    const failure = taskFailure(error);
    if (failure.canceled) throw error;
    const finishedAt = new Date().toISOString();
    const refused = { ...view, status: 'failed', error: failure.view, finishedAt } as const;
    await announceEnd(refused, refusalHooks(error));
    throw ApplicationFailure.create({
      message: [failure.view.message, failure.view.hint].filter(Boolean).join(' '),
      type: failure.view.code,
      nonRetryable: true,
      details: [failure.view],
    });
  }
}

/** Who wants to hear of a run that was refused: the activity sends it along with the refusal. */
function refusalHooks(error: unknown): readonly HookPlan[] | undefined {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  if (!(cause instanceof ApplicationFailure)) return undefined;
  return cause.details?.[1] as readonly HookPlan[] | undefined;
}

async function keep(final: RunView): Promise<void> {
  const activities = proxyLocalActivities<AnnealActivities>(quickActivity('keep the result'));
  await activities.recordRun(final);
}

function endWith(final: RunView): RunView {
  if (final.status === 'canceled') throw new CancelledFailure('The run was canceled.');
  if (final.status !== 'failed') return final;
  const task = final.error?.task === undefined ? '' : ` in task "${final.error.task}"`;
  throw ApplicationFailure.create({
    message: `The run failed${task}: ${final.error?.message ?? 'see its tasks'}`,
    type: 'E_RUN_FAILED',
    nonRetryable: true,
    details: [final],
  });
}

function preparing(runId: string, input: RunInput, startTime: Date): RunView {
  return {
    runId,
    pipeline: input?.pipeline?.name ?? '',
    digest: input?.pipeline?.digest ?? '',
    status: 'running',
    startedAt: startTime.toISOString(),
    parameters: input?.parameters ?? {},
    outputs: {},
    tasks: [],
    warnings: [],
  };
}
