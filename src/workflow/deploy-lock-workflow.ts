// The queue of one endpoint: deployments ask for their turn and give it back, by signals.
//
// L1. What is decided is decided by plain functions (deploy-queue.ts); here answers are carried out.
// L2. A run that has ended without giving its turn back is found out while others wait.
// L3. The history stays short: the queue goes on in a new one, and ends when nobody asked for long.

import {
  condition,
  continueAsNew,
  defineQuery,
  defineSignal,
  getExternalWorkflowHandle,
  isCancellation,
  proxyLocalActivities,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import {
  ASK_TURN_SIGNAL,
  DEPLOY_QUEUE_QUERY,
  END_TURN_SIGNAL,
  TAKE_TURN_SIGNAL,
  TURN_SIGNAL,
} from '../contract/index.js';
import type { AnnealActivities, TurnAnswer, TurnEnd, TurnRequest } from '../contract/index.js';
import { advanceAll, EMPTY_QUEUE } from '../interpreter/index.js';
import type { AddressedAnswer, DeployQueue, QueueEvent } from '../interpreter/index.js';
import { quickActivity } from './activity-options.js';

const askSignal = defineSignal<[TurnRequest]>(ASK_TURN_SIGNAL);
const takeSignal = defineSignal<[string]>(TAKE_TURN_SIGNAL);
const endSignal = defineSignal<[TurnEnd]>(END_TURN_SIGNAL);
const turnSignal = defineSignal<[TurnAnswer]>(TURN_SIGNAL);
const queueQuery = defineQuery<DeployQueue>(DEPLOY_QUEUE_QUERY);

const FIRST_LOOK_MS = 2000;
const LONGEST_LOOK_MS = 60_000;
/** Longer than an approval may take: what was deployed last is known as long as anything older may come. */
const IDLE = '100 days';
/** About twenty deployments. */
const MAX_EVENTS = 500;

/**
 * Lets deployments to an endpoint take turns until none has asked for long.
 *
 * @param earlier  where the history before this one left the queue
 * @param mail     what that one had not looked at
 */
export async function deployLockWorkflow(
  earlier: DeployQueue = EMPTY_QUEUE,
  mail: readonly QueueEvent[] = [],
): Promise<void> {
  let queue = earlier;
  const inbox: QueueEvent[] = [...mail];
  setHandler(askSignal, (request) => void inbox.push({ kind: 'asked', request }));
  setHandler(takeSignal, (id) => void inbox.push({ kind: 'taken', id }));
  setHandler(endSignal, (end) => void inbox.push({ kind: 'ended', ...end }));
  setHandler(queueQuery, () => queue);
  const hasMail = (): boolean => inbox.length > 0;
  let lookMs = FIRST_LOOK_MS;
  for (;;) {
    const { holder, waiting } = queue;
    const isWatched = holder !== undefined && waiting.length > 0;
    const summary = isWatched ? `is ${holder.runId} still there?` : 'nobody waits';
    if (await condition(hasMail, isWatched ? lookMs : IDLE, { summary })) {
      lookMs = FIRST_LOOK_MS;
    } else {
      if (holder === undefined) return; // L3
      lookMs = Math.min(lookMs * 2, LONGEST_LOOK_MS);
      if (!(await isThere(holder))) inbox.push({ kind: 'gone', id: holder.id }); // L2
    }
    const step = advanceAll(queue, inbox.splice(0)); // L1
    queue = step.queue;
    inbox.push(...(await deliver(step.answers)));
    if (isLong()) await continueAsNew<typeof deployLockWorkflow>(queue, inbox.splice(0)); // L3
  }
}

/** Tells the runs. @returns those that are gone */
async function deliver(answers: readonly AddressedAnswer[]): Promise<QueueEvent[]> {
  const outcomes = await Promise.all(answers.map((answer) => tell(answer)));
  return outcomes.flat();
}

async function tell({ workflowId, ...answer }: AddressedAnswer): Promise<QueueEvent[]> {
  try {
    await getExternalWorkflowHandle(workflowId).signal(turnSignal, answer);
    return [];
  } catch (error) {
    if (isCancellation(error)) throw error;
    return [{ kind: 'gone', id: answer.id }];
  }
}

/** Whoever cannot be asked after is taken to be there. */
async function isThere({ workflowId, runId }: TurnRequest): Promise<boolean> {
  const { isRunOpen } = proxyLocalActivities<AnnealActivities>(quickActivity(`look for ${runId}`));
  try {
    return await isRunOpen({ workflowId });
  } catch (error) {
    if (isCancellation(error)) throw error;
    return true;
  }
}

function isLong(): boolean {
  const { historyLength, continueAsNewSuggested } = workflowInfo();
  return continueAsNewSuggested || historyLength > MAX_EVENTS;
}
