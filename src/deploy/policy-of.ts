import { DEFAULT_POLICY, type DeployPolicy } from '../contract/index.js';
import type { PolicySetting } from '../config/index.js';
import { matchesPattern } from '../util/index.js';

/**
 * The policy of an endpoint: the first setting that fits its name, with the default policy where that says
 * nothing.
 */
export function policyOf(settings: readonly PolicySetting[], endpointName: string): DeployPolicy {
  const fits = ({ endpoints }: PolicySetting): boolean =>
    endpoints === undefined || endpoints.some((pattern) => matchesPattern(pattern, endpointName));
  const chosen = settings.find(fits);
  const { gate, rollout } = DEFAULT_POLICY;
  return {
    gate: { ...gate, ...chosen?.gate },
    ...(chosen?.approval && { approval: chosen.approval }),
    rollout: {
      ...rollout,
      ...chosen?.rollout,
      alarms: { ...rollout.alarms, ...chosen?.rollout?.alarms },
    },
    ...(chosen?.sagemaker && { sagemaker: chosen.sagemaker }),
  };
}
