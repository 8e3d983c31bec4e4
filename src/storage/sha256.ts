import { createHash } from 'node:crypto';

/** Digests bytes, or text as UTF-8, in the form every record uses: `sha256:<64 hex digits>`. */
export function sha256Of(content: Uint8Array | string): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}
