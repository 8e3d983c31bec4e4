import type { Pipeline } from '../pipeline.js';
import type { KubernetesExecutorConfigJson } from '../spec.js';

/** What the platform document says about an executor; undefined when it says nothing. */
export function kubernetesConfig(
  { platform }: Pick<Pipeline, 'platform'>,
  label: string,
): KubernetesExecutorConfigJson | undefined {
  const executors = platform?.platforms?.['kubernetes']?.deploymentSpec?.executors ?? {};
  return Object.hasOwn(executors, label) ? executors[label] : undefined;
}
