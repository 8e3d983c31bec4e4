// One POST of an event.
//
// P1. Redirects are not followed: the address was checked, another was not.
// P2. What will not get better (a refusal of the receiver) is not tried again; no answer, 408, 409, 425, 429 and
//     5xx are.

import { clientErrors } from '../errors/index.js';
import { isWorthARetry, whyNoAnswer } from '../util/index.js';

const TIMEOUT_MS = 15_000;

export interface EventPost {
  readonly url: string;
  /** How the address may be shown: a secret one is named by its reference. */
  readonly shownUrl: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** @throws E_HOOK, retryable when a later try may succeed */
export async function postEvent(post: EventPost, signal: AbortSignal): Promise<void> {
  const { url, shownUrl, headers, body } = post;
  let response: Response;
  try {
    response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'user-agent': 'anneal', ...headers },
      body,
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    });
  } catch (error) {
    throw clientErrors.hookFailed(shownUrl, whyNoAnswer(error, TIMEOUT_MS), true);
  }
  await response.body?.cancel();
  if (response.ok) return;
  throw clientErrors.hookFailed(
    shownUrl,
    `it answered ${response.status}`,
    isWorthARetry(response.status),
  );
}
