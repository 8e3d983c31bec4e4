// What a worker takes from its queues, as the SDK asks it.

import { describe, expect, test } from 'vitest';
import { MachineCapacity, type LaunchSpec, type Runner } from '../../../src/runners/index.js';
import { TaskSlots } from '../../../workers/task-slots.js';

const TOTAL = { milliCpus: 2000, memoryBytes: 2 ** 30, accelerators: 0 };
const TYPICAL = { milliCpus: 125, memoryBytes: 2 ** 25, accelerators: 0 };
const NEVER = new AbortController().signal;

function machine(isOnly = false) {
  const capacity = new MachineCapacity({ total: TOTAL, isOnly });
  const slots = new TaskSlots(capacity, { typical: TYPICAL, isOnly });
  const queue = slots.supplier();
  const reserve = async (signal = NEVER) => queue.reserveSlot({} as never, signal);
  const take = async (activityType = 'runTask') => {
    const permit = await reserve();
    queue.markSlotUsed({ permit, slotInfo: { type: 'activity', activityType } });
    return permit;
  };
  return { capacity, queue, reserve, take, other: slots.supplier() };
}

function start(capacity: MachineCapacity, cpus: number) {
  const wish = {
    id: { runId: 'r', task: `t${cpus}`, attempt: 1 },
    resources: { cpuRequest: cpus },
  };
  return capacity.admit(wish as LaunchSpec, {
    runner: { files: 'host' } as Runner,
    signal: NEVER,
    progress: () => undefined,
  });
}

/** Whether a promise settles before the event loop has gone round. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  const turn = new Promise((resolve) => setImmediate(() => resolve('turn')));
  return (await Promise.race([promise, turn])) !== 'turn';
}

describe('a worker beside others', () => {
  test('takes nothing until the task it took has said what it needs (S1)', async () => {
    const { capacity, reserve, take } = machine();
    await take();

    const next = reserve();
    const before = await isSettled(next);
    await start(capacity, 1);
    const after = await isSettled(next);

    expect([before, after]).toEqual([false, true]);
  });

  test('takes nothing while its machine is full, and again when there is room', async () => {
    const { capacity, queue, reserve, take } = machine();
    const permit = await take();
    const leave = await start(capacity, 2);

    const next = reserve();
    const before = await isSettled(next);
    leave();
    queue.releaseSlot({ permit });
    const after = await isSettled(next);

    expect([before, after]).toEqual([false, true]);
  });

  test('polls every queue while all are quiet (S2)', () => {
    const { queue, other } = machine();

    const polls = Array.from({ length: 40 }, () => queue.tryReserveSlot({} as never));

    expect(polls).not.toContain(null);
    expect(other.tryReserveSlot({} as never)).not.toBeNull();
  });

  test('does not wait for importers to say anything', async () => {
    const { reserve, take } = machine();
    await take('importArtifact');

    expect(await isSettled(reserve())).toBe(true);
  });

  test('gives up a reservation that the SDK takes back', async () => {
    const { capacity, reserve, take } = machine();
    await take();
    await start(capacity, 2);
    const stopping = new AbortController();

    const next = reserve(stopping.signal);
    stopping.abort(new Error('the worker stops'));

    await expect(next).rejects.toThrow('the worker stops');
  });
});

test('the only worker takes as many tasks as unasking ones fit, whatever they will say', async () => {
  const { take, reserve } = machine(true);

  for (let taken = 0; taken < 16; taken += 1) await take();

  expect(await isSettled(reserve())).toBe(false);
});
