import {
  CancellationScope,
  defineQuery,
  proxyLocalActivities,
  setHandler,
} from '@temporalio/workflow';
import { RUN_QUERY } from '../contract/index.js';
import type { AnnealActivities, SliceRequest, SliceResult, TaskView } from '../contract/index.js';
import { startSlice } from '../interpreter/index.js';
import { quickActivity } from './activity-options.js';
import { temporalPort } from './temporal-port.js';

const runQuery = defineQuery<readonly TaskView[]>(RUN_QUERY);

/** Runs neighbouring iterations of a loop, so that no history grows past what Temporal bears. */
export async function sliceWorkflow(request: SliceRequest): Promise<SliceResult> {
  let view = (): readonly TaskView[] => [];
  setHandler(runQuery, () => view());
  const graph = await proxyLocalActivities<AnnealActivities>(
    quickActivity('load the graph'),
  ).loadGraph(request.header.run);
  const plan = { ...request.header, ...graph };
  return CancellationScope.cancellable(async () => {
    const port = temporalPort(plan, CancellationScope.current(), () => undefined);
    const run = startSlice(plan, request, port);
    view = () => run.view();
    return run.result;
  });
}
