import type { DeploymentView, RunPlan, TaskView } from '../contract/index.js';
import { endpointOfTask } from './endpoint-of-task.js';
import type { RunTracker } from './run-tracker.js';

/**
 * What became of the run's deployment: the deployer's own word, or `refused` when the gate skipped the
 * deploy task. Undefined when the pipeline deploys nothing or has not got there.
 */
export function deploymentOf(plan: RunPlan, tracker: RunTracker): DeploymentView | undefined {
  if (plan.deploy === false) return undefined;
  const deployments = tracker.list().filter(({ kind }) => kind === 'deploy');
  for (const task of deployments) {
    const deployment = tracker.deploymentAt(task.name);
    if (deployment !== undefined) return deployment;
  }
  const skipped = deployments.find(({ status }) => status === 'skipped');
  if (skipped === undefined) return undefined;
  return {
    status: 'refused',
    endpoint: endpointOfTask(plan, skipped.name) ?? '',
    reason: refusalReason(tracker.list()) ?? skipped.reason,
  };
}

/** The words of the evaluation that did not pass, when an evaluating task left some. */
function refusalReason(tasks: readonly TaskView[]): string | undefined {
  const artifacts = tasks.flatMap(({ outputs }) => Object.values(outputs?.artifacts ?? {}).flat());
  const failed = artifacts.find(
    ({ metadata }) => metadata['passed'] === false && typeof metadata['reason'] === 'string',
  );
  return failed?.metadata['reason'] as string | undefined;
}
