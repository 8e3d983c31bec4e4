import type { ApprovalView, DeployPolicy } from '../contract/index.js';
import { deployErrors } from '../errors/index.js';

/**
 * The deployer's own check: where the policy asks a person, one has agreed.
 *
 * @throws E_DEPLOY_REFUSED
 */
export function assertApproved(
  { approval: asked }: Pick<DeployPolicy, 'approval'>,
  endpoint: string,
  given: ApprovalView | undefined,
): void {
  if (asked === undefined || (given !== undefined && given.by.trim() !== '')) return;
  throw deployErrors.deploymentRefused(
    'E_DEPLOY_REFUSED',
    `the policy of endpoint "${endpoint}" asks for an approval and none is on record`,
    { endpoint },
  );
}
