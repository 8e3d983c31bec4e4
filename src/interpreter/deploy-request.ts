import type { ArtifactRef, DeployRequest, RunPlan } from '../contract/index.js';
import { AnnealError } from '../errors/index.js';
import type { LeafTask } from './leaf-task.js';
import { viewOfValues } from './run-tracker.js';

/** Builds the request of a deploy task from its inputs: the model, what speaks for it, and where it goes. */
export function deployRequest(
  plan: RunPlan,
  leaf: Pick<LeafTask, 'path' | 'inputs' | 'task'>,
  attempt: number,
): DeployRequest {
  const { parameters, artifacts } = viewOfValues(leaf.inputs);
  const inputs = Object.values(artifacts).flat();
  const model = inputs.find(({ type }) => type === 'system.Model');
  const endpointName = parameters['endpoint_name'];
  if (model === undefined || typeof endpointName !== 'string') {
    throw new AnnealError(`Deploy task "${leaf.path}" got no model or no endpoint_name.`, {
      code: 'E_DEPLOY_REFUSED',
      hint: 'Wire a Model artifact and the parameter endpoint_name into it.',
    });
  }
  const instanceType = parameters['instance_type'];
  return {
    run: plan.run,
    task: leaf.path,
    component: leaf.task.componentRef?.name ?? '',
    attempt,
    model,
    evaluation: inputs.find((artifact) => isEvaluation(artifact)),
    endpointName,
    instanceType: typeof instanceType === 'string' ? instanceType : undefined,
    parameters,
  };
}

function isEvaluation({ metadata }: ArtifactRef): boolean {
  return 'model_digest' in metadata;
}
