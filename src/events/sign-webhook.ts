// Signatures of the Standard Webhooks specification (https://www.standardwebhooks.com): a receiver that has the
// secret knows that an event is ours, unchanged, and no replay of an old one.

import { createHmac } from 'node:crypto';

export interface WebhookMessage {
  readonly id: string;
  /** Seconds since the epoch. */
  readonly timestamp: number;
  readonly body: string;
}

/**
 * Headers of a signed message.
 *
 * @param secret  shared text; with the prefix `whsec_` the rest is the key in base64, as the specification has it
 */
export function signedHeaders(
  { id, timestamp, body }: WebhookMessage,
  secret: string | undefined,
): Record<string, string> {
  const headers = { 'webhook-id': id, 'webhook-timestamp': String(timestamp) };
  if (secret === undefined) return headers;
  const key = secret.startsWith('whsec_')
    ? Buffer.from(secret.slice('whsec_'.length), 'base64')
    : Buffer.from(secret, 'utf8');
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { ...headers, 'webhook-signature': `v1,${signature}` };
}
