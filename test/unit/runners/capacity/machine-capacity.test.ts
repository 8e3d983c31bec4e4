import { describe, expect, test } from 'vitest';
import type { LaunchSpec, Runner } from '../../../../src/runners/index.js';
import { MachineCapacity, unaskedNeed } from '../../../../src/runners/index.js';
import { taskNeed } from '../../../../src/runners/capacity/task-need.js';

const GIB = 2 ** 30;
const TOTAL = { milliCpus: 4000, memoryBytes: 8 * GIB, accelerators: 1 };

function spec(task: string, resources: LaunchSpec['resources']): LaunchSpec {
  return { id: { runId: 'run', task, attempt: 1 }, resources } as LaunchSpec;
}

function context(signal = new AbortController().signal) {
  const states: string[] = [];
  const runner = { files: 'host' } as Runner;
  return { runner, signal, states, progress: (state: string) => void states.push(state) };
}

describe('the room on a machine', () => {
  test('a task that does not fit says what it waits for, and starts when there is room', async () => {
    const capacity = new MachineCapacity({ total: TOTAL, isOnly: false });
    const leave = await capacity.admit(spec('first', { cpus: 3 }), context());
    const second = context();

    const waiting = capacity.admit(
      spec('second', { cpus: 2, memoryRequestBytes: 4 * GIB }),
      second,
    );
    await Promise.resolve();
    const waitingNow = capacity.waiting;
    leave();
    (await waiting)();

    expect(waitingNow).toBe(1);
    expect(second.states).toEqual(['waiting for 2 CPUs and 4.0 GiB of memory', 'running']);
    expect(capacity.free).toEqual(TOTAL);
  });

  test('a task that asks for more than the machine is refused with both numbers', async () => {
    const capacity = new MachineCapacity({ total: TOTAL, isOnly: false });

    const error: unknown = await capacity
      .admit(spec('large', { memoryRequestBytes: 64 * GIB, cpuRequest: 1 }), context())
      .catch((refusal: unknown) => refusal);

    expect(error).toMatchObject({
      code: 'E_TASK_RESOURCES',
      retryable: false,
      message: expect.stringMatching(
        /64\.0 GiB of memory; the machine .* 4 CPUs, 8\.0 GiB of memory and 1 accelerator/,
      ) as string,
    });
  });

  test('the only worker of an embedded server gives such a task the whole machine', async () => {
    const capacity = new MachineCapacity({ total: TOTAL, isOnly: true });

    const leave = await capacity.admit(spec('large', { cpuRequest: 64 }), context());

    expect(capacity.free.milliCpus).toBe(0);
    leave();
    expect(capacity.free).toEqual(TOTAL);
  });

  test('a task that is canceled while it waits leaves its place to the next', async () => {
    const capacity = new MachineCapacity({ total: TOTAL, isOnly: false });
    const leave = await capacity.admit(spec('first', { cpus: 3 }), context());
    const canceling = new AbortController();
    const large = capacity.admit(spec('large', { cpus: 4 }), context(canceling.signal));
    const small = capacity.admit(spec('small', { cpus: 1 }), context());

    canceling.abort();

    await expect(large).rejects.toMatchObject({ code: 'E_TASK_CANCELED' });
    (await small)();
    leave();
    expect(capacity.free).toEqual(TOTAL);
  });

  test('a task that has waited for long is handed back, and later the next time (M3)', async () => {
    const capacity = new MachineCapacity({ total: TOTAL, isOnly: false, patienceMs: 5 });
    await capacity.admit(spec('first', { cpus: 4 }), context());
    const waits: number[] = [];

    for (let times = 0; times < 3; times += 1) {
      const begin = performance.now();
      const refusal: unknown = await capacity
        .admit(spec('second', { cpus: 1 }), context())
        .catch((error: unknown) => error);
      expect(refusal).toMatchObject({ code: 'E_TASK_HANDED_OVER', details: { task: 'second' } });
      waits.push(performance.now() - begin);
    }

    expect(waits[2]).toBeGreaterThan(19);
    expect(capacity.waiting).toBe(0);
  });

  test('a task that runs already never waits (M2)', async () => {
    const capacity = new MachineCapacity({ total: TOTAL, isOnly: false });
    await capacity.admit(spec('first', { cpus: 4 }), context());
    const running = { files: 'host', isRunning: () => Promise.resolve(true) } as unknown as Runner;

    const leave = await capacity.admit(spec('kept', { cpus: 2 }), {
      ...context(),
      runner: running,
    });

    expect(capacity.free.milliCpus).toBe(-2000);
    leave();
    expect(capacity.free.milliCpus).toBe(0);
  });
});

describe('what a task counts as', () => {
  test.each([
    ['its request goes before its limit', { cpuRequest: 0.5, cpus: 2 }, 500],
    ['its limit, without a request', { cpus: 2 }, 2000],
    ['a sixteenth of a small machine, when it asks for nothing', {}, 250],
  ])('%s', (_, resources, milliCpus) => {
    const need = taskNeed(resources, { files: 'host' }, TOTAL);

    expect(need.milliCpus).toBe(milliCpus);
  });

  test('one core at most, when it asks for nothing', () => {
    const need = unaskedNeed({ ...TOTAL, milliCpus: 64_000 });

    expect(need.milliCpus).toBe(1000);
  });

  test('no core of this machine, when it runs on another', () => {
    const need = taskNeed(
      { cpus: 96, accelerator: { type: 'gpu', count: 8 } },
      { files: 'transferred' },
      TOTAL,
    );

    expect(need).toEqual({ milliCpus: 0, memoryBytes: 16 * 2 ** 20, accelerators: 0 });
  });
});
