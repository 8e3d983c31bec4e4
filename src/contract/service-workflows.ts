import { DEPLOY_LOCK_WORKFLOW } from './deploy-turn.js';
import { MODEL_WORKFLOW } from './models.js';
import { MONITOR_CHECK_WORKFLOW, MONITOR_TICK_WORKFLOW, MONITOR_WORKFLOW } from './monitor.js';

/** Workflow types of this project that serve endpoints and models: no runs, and of no pipeline. */
export const SERVICE_WORKFLOWS: ReadonlySet<string> = new Set([
  DEPLOY_LOCK_WORKFLOW,
  MODEL_WORKFLOW,
  MONITOR_CHECK_WORKFLOW,
  MONITOR_TICK_WORKFLOW,
  MONITOR_WORKFLOW,
]);
