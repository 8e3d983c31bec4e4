import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * Checks that a webhook was signed with the secret both sides share.
 *
 * @param body       the bytes as they came: JSON that was parsed and written again may differ
 * @param signature  `sha256=<hex>` of the header
 */
export function isSigned(body: Uint8Array, signature: string | undefined, secret: string): boolean {
  const expected = Buffer.from(`sha256=${createHmac('sha256', secret).update(body).digest('hex')}`);
  const given = Buffer.from(signature ?? '');
  return given.length === expected.length && timingSafeEqual(given, expected);
}
