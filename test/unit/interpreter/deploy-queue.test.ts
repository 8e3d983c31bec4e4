import { expect, test } from 'vitest';
import type { TurnRequest } from '../../../src/contract/index.js';
import { advance, EMPTY_QUEUE } from '../../../src/interpreter/index.js';
import type { AddressedAnswer, DeployQueue, QueueEvent } from '../../../src/interpreter/index.js';
import { QueueWorld } from './support/queue-world.js';

const SCHEDULES = 10_000;

/** A request of run `id`, accepted at a minute of noon. */
function request(id: string, minute: number): TurnRequest {
  const acceptedAt = `2026-01-01T12:${String(minute).padStart(2, '0')}:00.000Z`;
  return { id, runId: id, workflowId: id, task: 'deploy', endpoint: 'churn', acceptedAt };
}

const asked = (id: string, minute: number): QueueEvent => ({
  kind: 'asked',
  request: request(id, minute),
});
const taken = (id: string): QueueEvent => ({ kind: 'taken', id });
const ended = (id: string, isDeployed = true): QueueEvent => ({ kind: 'ended', id, isDeployed });

/** Feeds events one after the other. @returns the answers in short: `a granted`, `b superseded by a` */
function play(...events: readonly QueueEvent[]): { answers: string[]; queue: DeployQueue } {
  let queue = EMPTY_QUEUE;
  const answers: string[] = [];
  for (const event of events) {
    const step = advance(queue, event);
    queue = step.queue;
    answers.push(...step.answers.map(inShort));
  }
  return { answers, queue };
}

function inShort({ id, granted, by }: AddressedAnswer): string {
  return granted ? `${id} granted` : `${id} superseded by ${by!.runId}`;
}

test('a lone deployment has its turn at once', () => {
  expect(play(asked('a', 1)).answers).toEqual(['a granted']);
});

test('a second one waits until the first has ended (Q1)', () => {
  const busy = play(asked('a', 1), taken('a'), asked('b', 2));
  const free = play(asked('a', 1), taken('a'), asked('b', 2), ended('a'));

  expect(busy.answers).toEqual(['a granted']);
  expect(free.answers).toEqual(['a granted', 'b granted']);
});

test('of those that wait the one accepted last goes, and the others are superseded (Q2, Q3)', () => {
  const { answers } = play(
    ...[asked('a', 1), taken('a')],
    ...[asked('c', 3), asked('d', 4), asked('b', 2)],
    ...[ended('a'), taken('d')],
  );

  expect(answers).toEqual(['a granted', 'd granted', 'c superseded by d', 'b superseded by d']);
});

test('what was accepted before the deployed one is superseded whenever it comes (Q3)', () => {
  const { answers } = play(asked('b', 2), taken('b'), ended('b'), asked('a', 1));

  expect(answers).toEqual(['b granted', 'a superseded by b']);
});

test('a deployment that failed supersedes nothing that comes later', () => {
  const { answers } = play(asked('b', 2), taken('b'), ended('b', false), asked('a', 1));

  expect(answers).toEqual(['b granted', 'a granted']);
});

test('a run that is gone before it heard of its turn supersedes nothing (Q3)', () => {
  const { answers } = play(
    ...[asked('a', 1), taken('a')],
    ...[asked('b', 2), asked('c', 3)],
    ...[ended('a'), { kind: 'gone', id: 'c' } as const, taken('b')],
  );

  expect(answers).toEqual(['a granted', 'c granted', 'b granted']);
});

test('equal times go in the order they asked (Q2)', () => {
  const { answers } = play(
    ...[asked('a', 1), taken('a'), asked('b', 2), asked('c', 2)],
    ...[ended('a'), taken('b'), ended('b')],
  );

  expect(answers).toEqual(['a granted', 'b granted', 'c granted']);
});

test('asking twice is asking once, and a stray end changes nothing (Q4)', () => {
  const { answers, queue } = play(
    ...[asked('a', 1), asked('a', 1), asked('b', 2), asked('b', 2)],
    ended('nobody'),
  );

  expect(answers).toEqual(['a granted', 'a granted']);
  expect(queue.waiting).toHaveLength(1);
});

test('10,000 random schedules: one at a time, never an older one after a newer, every run answered', () => {
  const faults: string[] = [];

  for (let seed = 0; seed < SCHEDULES; seed += 1) {
    const fault = new QueueWorld(seed).run();
    if (fault !== undefined) faults.push(`seed ${seed}: ${fault}`);
  }

  expect(faults).toEqual([]);
}, 60_000);
