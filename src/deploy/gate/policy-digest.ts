import { createHash } from 'node:crypto';
import type { DeployPolicy } from '../../contract/index.js';
import { canonicalJson, plainJson } from '../../util/index.js';

/** Digest of a policy: equal for policies that say the same. */
export function policyDigest(policy: DeployPolicy): string {
  const text = canonicalJson(plainJson(policy));
  return `sha256:${createHash('sha256').update(text, 'utf8').digest('hex')}`;
}
