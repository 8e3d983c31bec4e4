// Whose turn it is at one endpoint. Plain decisions: events in, answers out.
//
// Q1. At most one deployment has the turn.
// Q2. The one accepted last goes first; equal times go in the order they asked.
// Q3. Whoever takes the turn, or has deployed, supersedes what was accepted before it: an older model never replaces a
//     newer one. A turn counts as taken when its run has said so: one that is gone supersedes nothing.
// Q4. Asking twice is asking once; the end of a turn that is not held changes nothing.

import type { TurnAnswer, TurnRequest } from '../contract/index.js';

export interface DeployQueue {
  readonly holder?: TurnRequest;
  /** Whether the holder has said that it goes on. */
  readonly isTaken?: boolean;
  /** In the order they asked. */
  readonly waiting: readonly TurnRequest[];
  /** What was accepted last of all that was deployed. */
  readonly deployed?: TurnRequest;
}

export type QueueEvent =
  | { readonly kind: 'asked'; readonly request: TurnRequest }
  /** The holder has heard of its turn, and goes on. */
  | { readonly kind: 'taken'; readonly id: string }
  | { readonly kind: 'ended'; readonly id: string; readonly isDeployed: boolean }
  /** The workflow that asked is not there any more. */
  | { readonly kind: 'gone'; readonly id: string };

/** An answer and the workflow that waits for it. */
export interface AddressedAnswer extends TurnAnswer {
  readonly workflowId: string;
}

export interface QueueStep {
  readonly queue: DeployQueue;
  readonly answers: readonly AddressedAnswer[];
}

export const EMPTY_QUEUE: DeployQueue = { waiting: [] };

/**
 * What follows from events that came together, in their order.
 *
 * @returns one answer for each that is answered: the last one, and no turn that has passed on meanwhile (Q1)
 */
export function advanceAll(queue: DeployQueue, events: readonly QueueEvent[]): QueueStep {
  let last = queue;
  const answers = new Map<string, AddressedAnswer>();
  for (const event of events) {
    const step = advance(last, event);
    last = step.queue;
    for (const answer of step.answers) answers.set(answer.id, answer);
  }
  const isOver = ({ id, granted }: AddressedAnswer): boolean => granted && last.holder?.id !== id;
  return { queue: last, answers: [...answers.values()].filter((answer) => !isOver(answer)) };
}

/** What follows from an event. */
export function advance(queue: DeployQueue, event: QueueEvent): QueueStep {
  switch (event.kind) {
    case 'asked':
      return asked(queue, event.request);
    case 'taken':
      return settle(queue.holder?.id === event.id ? { ...queue, isTaken: true } : queue);
    case 'ended':
      return settle(without(queue, event.id, event.isDeployed));
    case 'gone':
      return settle(without(queue, event.id, false));
  }
}

function asked(queue: DeployQueue, request: TurnRequest): QueueStep {
  const isSame = ({ id }: TurnRequest): boolean => id === request.id;
  if (queue.holder !== undefined && isSame(queue.holder)) {
    return { queue: { ...queue, holder: request }, answers: [granted(request)] }; // Q4
  }
  const waiting = queue.waiting.some(isSame)
    ? queue.waiting.map((each) => (isSame(each) ? request : each))
    : [...queue.waiting, request];
  return settle({ ...queue, waiting });
}

function without(queue: DeployQueue, id: string, isDeployed: boolean): DeployQueue {
  const { holder, waiting } = queue;
  if (holder?.id !== id) return { ...queue, waiting: waiting.filter((each) => each.id !== id) }; // Q4
  const isNewest = queue.deployed === undefined || !isOlder(holder, queue.deployed);
  const deployed = isDeployed && isNewest ? holder : queue.deployed;
  return { waiting, ...(deployed && { deployed }) };
}

function settle(queue: DeployQueue): QueueStep {
  const { holder, isTaken, deployed } = queue;
  const winners = [isTaken === true ? holder : undefined, deployed];
  const superseding = (request: TurnRequest) =>
    winners.find((winner) => winner !== undefined && isOlder(request, winner)); // Q3
  const answers = queue.waiting.flatMap((request) => {
    const by = superseding(request);
    return by === undefined ? [] : [superseded(request, by)];
  });
  const waiting = queue.waiting.filter((request) => superseding(request) === undefined);
  const next = holder === undefined ? newest(waiting) : undefined;
  if (next === undefined) return { queue: { ...queue, waiting }, answers };
  const rest = waiting.filter((request) => request !== next);
  return {
    queue: { ...queue, holder: next, isTaken: false, waiting: rest }, // Q1
    answers: [...answers, granted(next)],
  };
}

/** Q2. */
function newest(waiting: readonly TurnRequest[]): TurnRequest | undefined {
  return waiting.reduce<TurnRequest | undefined>(
    (best, each) => (best === undefined || isOlder(best, each) ? each : best),
    undefined,
  );
}

/** Times in ISO 8601 of one form compare as text. */
function isOlder(left: TurnRequest, right: TurnRequest): boolean {
  return left.acceptedAt < right.acceptedAt;
}

function granted({ id, endpoint, workflowId }: TurnRequest): AddressedAnswer {
  return { id, endpoint, workflowId, granted: true };
}

function superseded(request: TurnRequest, winner: TurnRequest): AddressedAnswer {
  const { id, endpoint, workflowId } = request;
  const { runId, task, acceptedAt } = winner;
  const by = { id: winner.id, runId, task, endpoint: winner.endpoint, acceptedAt };
  return { id, endpoint, workflowId, granted: false, by };
}
