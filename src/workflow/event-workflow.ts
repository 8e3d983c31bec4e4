import { ApplicationFailure, proxyActivities } from '@temporalio/workflow';
import type { AnnealActivities, EventRequest } from '../contract/index.js';
import { delivery } from './activity-options.js';

/** Brings one event to every hook that wants it, trying for a day. */
export async function eventWorkflow({ event, hooks }: EventRequest): Promise<void> {
  const { deliverEvent } = proxyActivities<AnnealActivities>(delivery(event.type));
  const outcomes = await Promise.allSettled(hooks.map((hook) => deliverEvent({ event, hook })));
  const failed = hooks.filter((_, index) => outcomes[index]?.status === 'rejected');
  if (failed.length === 0) return;
  throw ApplicationFailure.create({
    message: `${event.type} did not reach ${failed.length} of ${hooks.length} hooks; the failed activities say why.`,
    type: 'E_HOOK',
    nonRetryable: true,
  });
}
