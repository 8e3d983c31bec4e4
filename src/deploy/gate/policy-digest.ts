import type { DeployPolicy } from '../../contract/index.js';
import { sha256Of } from '../../storage/index.js';
import { canonicalJson, plainJson } from '../../util/index.js';

/** Digest of a policy: equal for policies that say the same. */
export function policyDigest(policy: DeployPolicy): string {
  return sha256Of(canonicalJson(plainJson(policy)));
}
