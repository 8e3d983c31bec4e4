import { getExternalWorkflowHandle, isCancellation, log } from '@temporalio/workflow';
import { MONITOR_DUE_SIGNAL, monitorId, type MonitorTick } from '../../contract/index.js';

/**
 * Tells a monitor that a check is due. One that is gone is told nothing: the next command about its endpoint removes
 * the schedule.
 */
export async function monitorTickWorkflow(tick: MonitorTick): Promise<void> {
  try {
    await getExternalWorkflowHandle(monitorId(tick.endpoint)).signal(MONITOR_DUE_SIGNAL, tick);
  } catch (error) {
    if (isCancellation(error)) throw error;
    log.warn('The monitor is not there.', { endpoint: tick.endpoint, error: String(error) });
  }
}
