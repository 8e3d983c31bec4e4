import { ProductionVariantInstanceType } from '@aws-sdk/client-sagemaker';
import { deployErrors } from '../../errors/index.js';
import { closestMatch } from '../../util/index.js';

const KNOWN = new Set<string>(Object.values(ProductionVariantInstanceType));
// Types newer than the SDK's list: family and one of the sizes that exist.
const PLAUSIBLE =
  /^ml\.[a-z][a-z0-9-]*\d[a-z0-9-]*\.(nano|micro|small|medium|large|metal|(\d{1,2})?xlarge)$/;

/**
 * Checks an instance type for hosting.
 *
 * @throws E_INSTANCE_TYPE, with the nearest known type
 */
export function assertInstanceType(instanceType: string): void {
  if (KNOWN.has(instanceType) || PLAUSIBLE.test(instanceType)) return;
  const prefixed = `ml.${instanceType}`;
  const suggestion = KNOWN.has(prefixed) ? prefixed : closestMatch(instanceType, KNOWN);
  throw deployErrors.instanceTypeRefused(instanceType, suggestion);
}
