import { createHash } from 'node:crypto';
import { canonicalJson } from '../../util/index.js';
import type { Pipeline } from '../pipeline.js';

/**
 * Names a pipeline by its content: equal specs have equal digests, whatever file they came from.
 *
 * @returns `sha256:<hex>` over the canonical JSON of the spec and the platform spec
 */
export function pipelineDigest({ spec, platform }: Pipeline): string {
  const content = canonicalJson({ spec, ...(platform && { platform }) });
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}
