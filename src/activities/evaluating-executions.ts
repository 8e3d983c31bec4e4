import type { DeployRequest } from '../contract/index.js';
import { deployFlow, nodeAt } from '../ir/data-flow/index.js';
import type { PipelineSpecJson } from '../ir/index.js';
import type { ExecutionManifest, Lineage } from '../lineage/index.js';

/**
 * The executions of this run that evaluated the model for its deployment: those that the pipeline's edges name, and
 * where these name none, all that took the model and data.
 */
export function evaluatingExecutions(
  spec: PipelineSpecJson,
  { run, task }: Pick<DeployRequest, 'run' | 'task'>,
  { usedBy }: Pick<Lineage, 'usedBy'>,
): ExecutionManifest[] {
  const own = usedBy.filter(({ run: { runId }, runner }) => {
    return runId === run.runId && runner !== 'deploy';
  });
  const deploy = nodeAt(spec, task);
  const guards = deploy === undefined ? [] : deployFlow(spec, deploy).evaluations;
  const guarding = own.filter((execution) => {
    const path = nodeAt(spec, execution.task)?.path;
    return guards.some(({ node }) => node.path === path);
  });
  return guarding.length > 0 ? guarding : own;
}
