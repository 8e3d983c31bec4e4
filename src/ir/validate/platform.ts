import { irFindings } from '../../errors/index.js';
import type { Pipeline } from '../pipeline.js';
import type { KubernetesExecutorConfigJson } from '../spec.js';
import { missing } from './missing.js';
import type { Report } from './report.js';

/** Checks that the platform spec speaks of executors that exist, and its limits. */
export function checkPlatform({ platform, deployment }: Pipeline, report: Report): void {
  const known = Object.keys(deployment.executors);
  for (const [name, { deploymentSpec }] of Object.entries(platform?.platforms ?? {})) {
    for (const [label, config] of Object.entries(deploymentSpec?.executors ?? {})) {
      const path = [1, 'platforms', name, 'deploymentSpec', 'executors', label];
      if (!known.includes(label)) {
        report(
          path,
          irFindings.unknownExecutor(`The platform spec of ${name}`, missing(label, known)),
        );
      }
      const { activeDeadlineSeconds = 0 } = config as KubernetesExecutorConfigJson;
      if (name !== 'kubernetes' || Number(activeDeadlineSeconds) >= 0) continue;
      const finding = irFindings.outOfRange(
        'activeDeadlineSeconds',
        String(activeDeadlineSeconds),
        '0 or more',
      );
      report([...path, 'activeDeadlineSeconds'], finding);
    }
  }
}
