import type { PolicySetting } from '../config/index.js';
import type { ExecutorPlan } from '../contract/index.js';
import { AnnealError } from '../errors/index.js';
import type { Pipeline } from '../ir/index.js';
import type { JsonObject } from '../util/index.js';
import type { Runner } from '../runners/index.js';
import { policyOf, type Deployer, type DeploymentCheck } from '../deploy/index.js';
import { knownPlatform } from './known-platform.js';

/**
 * Refuses what this worker cannot carry out, naming the executor, before anything starts.
 *
 * @throws E_UNSUPPORTED, E_IMAGE, E_SECRET, and what the deployer finds wrong with names and settings
 */
export async function checkRunnable(
  {
    runner,
    deployer,
    policies,
  }: {
    readonly runner: Runner;
    readonly deployer: Deployer;
    readonly policies: readonly PolicySetting[];
  },
  pipeline: Pipeline,
  executors: Readonly<Record<string, ExecutorPlan>>,
  parameters: JsonObject,
): Promise<void> {
  const { deployment } = pipeline;
  for (const [label, plan] of Object.entries(executors)) {
    const executor = deployment.executors[label] ?? {};
    if (plan.kind === 'deploy') await deployer.check(deploymentOf(parameters, policies));
    if (plan.kind !== 'container') continue;
    if (executor.container === undefined)
      throw notYet(label, Object.keys(executor)[0] ?? 'nothing');
    const { image = '', command = [], args = [] } = executor.container;
    const component = label.replace(/^exec-/u, '');
    await runner.check({ component, image, command, args });
    for (const platform of knownPlatform(pipeline, label, parameters)) {
      await runner.check({ component, image, command, args, platform });
    }
  }
}

/** The deployment as far as it is known before the run: pipelines name its endpoint by the parameter of that name. */
function deploymentOf(parameters: JsonObject, policies: readonly PolicySetting[]): DeploymentCheck {
  const { endpoint_name: name, instance_type: instanceType } = parameters;
  const endpointName = typeof name === 'string' ? name : 'endpoint';
  const { rollout, sagemaker } = policyOf(policies, endpointName);
  return {
    endpointName,
    instanceType: typeof instanceType === 'string' ? instanceType : undefined,
    rollout,
    sagemaker,
  };
}

function notYet(label: string, kind: string): AnnealError {
  return new AnnealError(`Executor "${label}" is a ${kind}, which Anneal cannot run.`, {
    code: 'E_UNSUPPORTED',
    where: `$.deploymentSpec.executors.${label}.${kind}`,
    hint: 'Use a container component or an importer instead.',
  });
}
