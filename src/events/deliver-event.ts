// Brings one event to one hook.
//
// E1. Once for each event id and hook: a delivery that was answered is on record, so a second call sends nothing.
//     A receiver can still get an event twice, when the worker dies between its answer and the record: the id is
//     the same, and it is in the header that receivers are expected to compare.

import type { Hook } from '../config/index.js';
import type { RunEvent } from '../contract/index.js';
import { keys } from '../lineage/index.js';
import { resolveSecret } from '../secrets/index.js';
import type { ArtifactStore } from '../storage/index.js';
import { eventBody } from './event-body.js';
import { hookId } from './hook-id.js';
import { trackRun, tryTracking } from './mlflow/index.js';
import { postEvent } from './post-event.js';
import { runCommand } from './run-command.js';
import { signedHeaders } from './sign-webhook.js';
import { slackMessage } from './slack-message.js';

export interface DeliveryTools {
  readonly store: ArtifactStore;
  readonly signal: AbortSignal;
  /** Folder that commands run in. */
  readonly folder: string;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
  /** Takes sentences for who runs the worker: what a hook could not be told. */
  readonly warn?: (sentence: string) => void;
}

/** Delivers an event, unless it was before (E1). @throws E_HOOK, E_MLFLOW, E_SECRET */
export async function deliverEvent(
  event: RunEvent,
  hook: Hook,
  tools: DeliveryTools,
): Promise<void> {
  const record = keys.deliveryKey(event.run.runId, event.type, hookId(hook));
  if ((await tools.store.get(record)) !== undefined) return;
  if (hook.mlflow === undefined) {
    await sendEvent(event, hook, tools);
  } else {
    const { store, signal, warn = () => undefined } = tools;
    await trackRun(event, hook.mlflow, { store, signal, warn, hook: hookId(hook) });
  }
  const deliveredAt = new Date((tools.now ?? Date.now)()).toISOString();
  await tools.store.put(record, `${JSON.stringify({ eventId: event.id, deliveredAt })}\n`);
}

/** Tries a hook out: sends it an event, or has its tracking server take a run and drop it. @throws E_HOOK, E_MLFLOW, E_SECRET */
export async function tryHook(
  event: RunEvent,
  hook: Hook,
  tools: Omit<DeliveryTools, 'store'>,
): Promise<void> {
  if (hook.mlflow === undefined) return sendEvent(event, hook, tools);
  return tryTracking(hook.mlflow, event.run.pipeline, tools.signal);
}

async function sendEvent(
  event: RunEvent,
  hook: Hook,
  { signal, folder, now = Date.now }: Omit<DeliveryTools, 'store'>,
): Promise<void> {
  const body = JSON.stringify(eventBody(event));
  if (hook.command !== undefined) {
    return runCommand({ words: hook.command, body, folder }, signal);
  }
  if (hook.slack !== undefined) {
    const url = await addressOf(hook.slack.url);
    const message = JSON.stringify(slackMessage(event));
    return postEvent({ url, shownUrl: hook.slack.url, headers: {}, body: message }, signal);
  }
  const { url: written, secret } = hook.webhook!;
  const key = secret === undefined ? undefined : await resolveSecret(secret);
  const timestamp = Math.floor(now() / 1000);
  const headers = signedHeaders({ id: event.id, timestamp, body }, key);
  return postEvent({ url: await addressOf(written), shownUrl: written, headers, body }, signal);
}

async function addressOf(written: string): Promise<string> {
  return /^https?:/.test(written) ? written : resolveSecret(written);
}
