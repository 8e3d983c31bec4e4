import {
  DEFAULT_APPROVAL_HOURS,
  DEFAULT_POLICY,
  DEFAULT_SEGMENT_ROWS,
  type DeployPolicy,
} from '../contract/index.js';
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
    gate: { ...gate, ...chosen?.gate, segments: segmentsOf(chosen) },
    ...(chosen?.approval && {
      approval: { timeoutHours: DEFAULT_APPROVAL_HOURS, ...chosen.approval },
    }),
    rollout: {
      ...rollout,
      ...chosen?.rollout,
      alarms: { ...rollout.alarms, ...chosen?.rollout?.alarms },
    },
    ...(chosen?.sagemaker && { sagemaker: chosen.sagemaker }),
  };
}

function segmentsOf(chosen: PolicySetting | undefined): DeployPolicy['gate']['segments'] {
  const { segments } = chosen?.gate ?? {};
  return (
    segments?.map((segment) => ({ minRows: DEFAULT_SEGMENT_ROWS, ...segment })) ??
    DEFAULT_POLICY.gate.segments
  );
}
