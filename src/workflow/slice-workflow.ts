import {
  ApplicationFailure,
  CancellationScope,
  defineQuery,
  proxyLocalActivities,
  setHandler,
} from '@temporalio/workflow';
import { PIPELINE_WORKFLOW, RUN_QUERY, SLICE_WORKFLOW } from '../contract/index.js';
import type { AnnealActivities, SliceRequest, SliceResult, TaskView } from '../contract/index.js';
import { startSlice } from '../interpreter/index.js';
import { quickActivity } from './activity-options.js';
import { SliceApprovals } from './approvals.js';
import { DeployTurns } from './deploy-turns.js';
import { RunControl } from './run-control.js';
import { temporalPort } from './temporal-port.js';

const runQuery = defineQuery<readonly TaskView[]>(RUN_QUERY);

/** Runs neighbouring iterations of a loop, so that no history grows past what Temporal bears. */
export async function sliceWorkflow(request: SliceRequest): Promise<SliceResult> {
  assertStartedByRun(request);
  let view = (): readonly TaskView[] => [];
  setHandler(runQuery, () => view());
  const control = new RunControl(() => undefined);
  const approvals = new SliceApprovals(request.header.run.runId);
  const turns = new DeployTurns();
  const graph = await proxyLocalActivities<AnnealActivities>(
    quickActivity('load the graph'),
  ).loadGraph(request.header.run);
  const plan = { ...request.header, ...graph };
  return CancellationScope.cancellable(async () => {
    const port = temporalPort(plan, {
      scope: CancellationScope.current(),
      control,
      approvals,
      turns,
      onChange: () => undefined,
    });
    const run = startSlice(plan, request, port);
    view = () => run.view();
    return run.result;
  });
}

/** Whatever else is given would fail its workflow task for ever instead of the workflow. */
function assertStartedByRun(request: Partial<SliceRequest> | undefined): void {
  if (request?.header?.run !== undefined && Array.isArray(request.items)) return;
  throw ApplicationFailure.create({
    message: `Workflow type "${SLICE_WORKFLOW}" is a part of a run and is started by it only. Start "${PIPELINE_WORKFLOW}".`,
    type: 'E_PARAM',
    nonRetryable: true,
  });
}
