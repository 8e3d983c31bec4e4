import type { Settings } from '../../config/index.js';
import { checkDeploy } from './check-deploy.js';
import { checkNode } from './check-node.js';
import { checkPython } from './check-python.js';
import { checkService } from './check-service.js';
import { checkStore } from './check-store.js';
import type { DoctorFinding } from './finding.js';

/**
 * Examines this machine: what is there, what is missing, and what mends it.
 * Builds and starts nothing; the only address it connects to is a configured cluster's.
 *
 * @returns findings in the order in which they should be mended
 */
export async function runDoctor(settings: Settings): Promise<readonly DoctorFinding[]> {
  const groups = await Promise.all([
    checkNode(),
    checkPython(settings),
    checkStore(settings),
    checkService(settings),
    checkDeploy(settings),
  ]);
  return groups.flat();
}
