// One effective job, whatever becomes of the calls (fault-matrix B4, 2 and 11).

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LET_GO } from '../../../../src/runners/runner.js';
import { ScriptedHost, type Fault, type JobEnd } from '../../../fakes/sagemaker/index.js';
import { waitUntil } from '../../../support/wait-until.js';
import { missing, startCloud, startJobs, type Cloud, type JobFixture } from './job-fixture.js';

const COMPLETED: JobEnd = { state: 'Completed' };
const NEVER = new AbortController().signal;

describe.skipIf(missing !== undefined)('the job of a task', () => {
  let cloud: Cloud;
  const open: JobFixture[] = [];
  beforeAll(async () => {
    cloud = await startCloud();
  });
  afterAll(async () => {
    await Promise.all(open.map((jobs) => jobs.close()));
    await cloud.close();
  });

  const start = async (...ends: JobEnd[]): Promise<JobFixture & { host: ScriptedHost }> => {
    const host = new ScriptedHost(...ends);
    const jobs = await startJobs(cloud, host);
    open.push(jobs);
    return { ...jobs, host };
  };
  const creations = ({ fake }: JobFixture): unknown[] =>
    fake.ledger.entries.filter(({ operation }) => operation === 'CreateProcessingJob');

  it.each<[string, Fault]>([
    ['the answer is lost', fault('CreateProcessingJob', 'drop', 1, true)],
    ['the answer is an error, after it was made', fault('CreateProcessingJob', 'error', 1, true)],
    ['the call is throttled five times', fault('CreateProcessingJob', 'throttle', 5)],
    ['the service fails twice', fault('CreateProcessingJob', 'error', 2)],
    ['looking is throttled five times', fault('DescribeProcessingJob', 'throttle', 5)],
    ['looking gets no answer', fault('DescribeProcessingJob', 'drop', 2)],
  ])('is made once when %s (E2)', async (_, wanted) => {
    const jobs = await start(COMPLETED, COMPLETED);
    jobs.fake.faults.add(wanted);

    await jobs.runner.run(await jobs.spec(), NEVER);

    expect(jobs.fake.faults.struck).toBe(wanted.times);
    expect(jobs.host.started).toHaveLength(1);
    expect(jobs.fake.ledger.effects).toEqual(['CreateProcessingJob']);
  });

  it('is adopted by the next worker when the first dies after making it', async () => {
    const jobs = await start();
    const spec = await jobs.spec();
    const dying = new AbortController();
    const first = jobs.runner.run(spec, dying.signal);
    await waitUntil('the job runs', () => jobs.host.started.length === 1);
    dying.abort(LET_GO);
    await expect(first).rejects.toMatchObject({ code: 'E_TASK_CANCELED' });
    const callsBefore = jobs.fake.calls.length;
    const canceled = new AbortController();

    const second = jobs.anotherRunner().run(spec, canceled.signal);
    await waitUntil('it looks at the job', () => jobs.fake.calls.length > callsBefore);
    canceled.abort('canceled');

    await expect(second).rejects.toMatchObject({ code: 'E_TASK_CANCELED' });
    expect(creations(jobs)).toHaveLength(1);
    expect(jobs.host.started).toHaveLength(1);
  });

  it.each(['drop', 'throttle', 'error'] as const)(
    'is stopped by a cancellation, also when the call is struck by %s (S2)',
    async (kind) => {
      const jobs = await start();
      const canceled = new AbortController();
      jobs.fake.faults.add(fault('StopProcessingJob', kind, 1, kind === 'drop'));
      const running = jobs.runner.run(await jobs.spec(), canceled.signal);
      await waitUntil('the job runs', () => jobs.host.started.length === 1);

      canceled.abort('canceled');

      await expect(running).rejects.toMatchObject({ code: 'E_TASK_CANCELED' });
      const job = jobs.host.started[0];
      expect(
        await jobs.fake.actAsOther('DescribeProcessingJob', { ProcessingJobName: job }),
      ).toMatchObject({ ProcessingJobStatus: 'Stopped' });
    },
  );

  it('that was lost is followed by one of another name (N1)', async () => {
    const lost: JobEnd = { state: 'Failed', failureReason: 'InternalServerError: try again.' };
    const jobs = await start(lost, COMPLETED);
    const spec = await jobs.spec();
    const first = jobs.runner.run(spec, NEVER);
    await expect(first).rejects.toMatchObject({ code: 'E_TASK_LOST', retryable: true });

    await jobs.runner.run(spec, NEVER);

    const [one, two] = jobs.host.started;
    expect(jobs.host.started).toHaveLength(2);
    expect(one).toMatch(/^anneal-[0-9a-f]{24}-1$/);
    expect(two).toBe(`${one!.slice(0, -1)}2`);
  });

  it('that ended is taken as it is, and no other is made', async () => {
    const jobs = await start(COMPLETED);
    const spec = await jobs.spec();
    await jobs.runner.run(spec, NEVER);

    await jobs.anotherRunner().run(spec, NEVER);

    expect(jobs.host.started).toHaveLength(1);
  });

  it('waits for a quota, and is made when it is free (E3)', async () => {
    const jobs = await start(COMPLETED);
    jobs.fake.faults.add(fault('CreateProcessingJob', 'quota', 3));

    await jobs.runner.run(await jobs.spec(), NEVER);

    expect(jobs.fake.faults.struck).toBe(3);
    expect(jobs.host.started).toHaveLength(1);
  });

  it('fails with the name of a quota that stays used up', async () => {
    const jobs = await start(COMPLETED);
    jobs.fake.faults.add(fault('CreateProcessingJob', 'quota', 1000));

    const running = jobs.runner.run(await jobs.spec(), NEVER);

    await expect(running).rejects.toMatchObject({
      code: 'E_RUNNER',
      retryable: false,
      message: expect.stringContaining('ml.m5.large for processing job usage') as string,
    });
    expect(jobs.host.started).toEqual([]);
  });

  it('is given up as lost when AWS throttles for ever', async () => {
    const jobs = await start(COMPLETED);
    jobs.fake.faults.add(fault('CreateProcessingJob', 'throttle', 1000));

    const running = jobs.runner.run(await jobs.spec(), NEVER);

    await expect(running).rejects.toMatchObject({ code: 'E_TASK_LOST', retryable: true });
    expect(jobs.host.started).toEqual([]);
  });
});

function fault(operation: string, kind: Fault['kind'], times: number, applied = false): Fault {
  return { operation, kind, times, applied };
}
