import type { Settings } from '../../config/index.js';
import { checkDeploy } from './check-deploy.js';
import { checkKubernetes } from './check-kubernetes.js';
import { checkDocker } from './check-docker.js';
import { checkNode } from './check-node.js';
import { checkPython } from './check-python.js';
import { checkSageMakerJobs } from './check-sagemaker-jobs.js';
import { checkService } from './check-service.js';
import { checkStore, type ProbeStore } from './check-store.js';
import type { DoctorFinding } from './finding.js';

/**
 * Examines this machine: what is there, what is missing, and what mends it.
 * Builds and starts nothing; it connects to configured clusters (Temporal, Kubernetes) and a store in S3 only.
 *
 * @param probeStore  how a store in S3 is tried
 * @returns findings in the order in which they should be mended
 */
export async function runDoctor(
  settings: Settings,
  probeStore: ProbeStore,
): Promise<readonly DoctorFinding[]> {
  const groups = await Promise.all([
    checkNode(),
    checkPython(settings),
    checkStore(settings, probeStore),
    checkService(settings),
    checkDocker(settings),
    checkDeploy(settings),
    checkSageMakerJobs(settings),
    checkKubernetes(settings),
  ]);
  return groups.flat();
}
