import { modelErrors } from '../errors/index.js';
import type { ModelVersionView } from './fold-model.js';

/**
 * Lets a version pass whose last decision is an acceptance (M2 of fold-model.ts): nothing deploys around the gate.
 *
 * @throws E_DEPLOY_REFUSED with the decision's reason
 */
export function assertDeployable({
  name,
  version,
  verdict,
  reason,
}: Pick<ModelVersionView, 'name' | 'version' | 'verdict' | 'reason'>): void {
  if (verdict === 'accepted') return;
  throw modelErrors.notDeployable(name, version, {
    decision:
      verdict === undefined
        ? 'the gate has not judged it'
        : verdict === 'refused'
          ? 'it was refused'
          : 'it waits for an approval',
    reason,
  });
}
