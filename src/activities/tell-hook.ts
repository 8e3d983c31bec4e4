import type { DeliveryRequest } from '../contract/index.js';
import { deliverEvent, hookId } from '../events/index.js';
import type { ActivityParts } from './activity-parts.js';

/** Brings an event to a hook; one that is set no more is told nothing. */
export async function tellHook(
  { store, hooks, projectFolder }: ActivityParts,
  { event, hook: id }: DeliveryRequest,
  { signal, warn }: { readonly signal: AbortSignal; readonly warn: (sentence: string) => void },
): Promise<void> {
  const hook = hooks.find((candidate) => hookId(candidate) === id);
  if (hook === undefined) return;
  await deliverEvent(event, hook, { store, signal, warn, folder: projectFolder });
}
