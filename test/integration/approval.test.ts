// Deployments that wait for a person: real server, real workflow code, the deployer a stand-in.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ApprovalView, RunView } from '../../src/contract/index.js';
import { DeployBench, MODEL_DIGEST } from '../support/deploy-bench.js';
import { TEMPORAL_CLI } from '../support/temporal-server.js';
import { waitUntil } from '../support/wait-until.js';

const DAY_HOURS = 24;
const POLICIES = {
  'asked*': { timeoutHours: 7 * DAY_HOURS, remindHours: 2 * DAY_HOURS },
};
const ADA = { by: 'ada', reason: 'looks right' };
const BOB = { by: 'bob', reason: 'old data' };

const approvalIn = ({ tasks }: RunView): ApprovalView | undefined =>
  tasks.find(({ name }) => name === 'deploy')?.decision?.approval;

describe.skipIf(TEMPORAL_CLI === '')('approval', { timeout: 120_000 }, () => {
  let bench: DeployBench;

  beforeAll(async () => {
    bench = await DeployBench.open(POLICIES);
  }, 120_000);
  afterAll(() => bench.close());

  test('a run waits until it is approved; who, why and when are on record', async () => {
    await bench.start('approved', { endpoint: 'asked-1' });
    const waiting = await bench.waiting('approved');
    const before = bench.log.includes('begin approved');

    const record = await bench.client.run('approved').approve(ADA);

    const view = await bench.result('approved');
    expect(before).toBe(false);
    expect(waiting).toMatchObject([
      { task: 'deploy', endpoint: 'asked-1', modelDigest: MODEL_DIGEST },
    ]);
    const [{ since, expiresAt }] = waiting as [(typeof waiting)[number]];
    expect(Date.parse(expiresAt) - Date.parse(since)).toBe(7 * DAY_HOURS * 3_600_000);
    expect(record).toMatchObject({ approved: true, ...ADA, task: 'deploy' });
    expect(view).toMatchObject({ status: 'succeeded', deployment: { status: 'promoted' } });
    expect(approvalIn(view)).toEqual({ answer: 'approved', ...ADA, at: record.at });
    expect(view.waitingFor).toBeUndefined();
  });

  test('a model that is rejected is refused with the reason, and the run succeeds', async () => {
    await bench.start('rejected', { endpoint: 'asked-2' });
    await bench.waiting('rejected');

    await bench.client.reject('rejected', BOB);

    const view = await bench.result('rejected');
    expect(view).toMatchObject({
      status: 'succeeded',
      deployment: { status: 'refused', endpoint: 'asked-2', reason: 'rejected by bob: old data' },
    });
    expect(bench.log).not.toContain('begin rejected');
    await waitUntil('hooks were told', () => bench.eventsOf('rejected').length === 3);
    expect(bench.eventsOf('rejected').sort()).toEqual([
      'approval.rejected',
      'approval.requested',
      'deployment.refused',
    ]);
  });

  test('nobody answers for days: reminders, then a refusal, all by the clock of the server', async () => {
    await bench.start('forgotten', { endpoint: 'asked-3', skipsTime: true });

    const view = await bench.result('forgotten');

    expect(view.deployment).toMatchObject({
      status: 'refused',
      reason: 'nobody approved within 168 h',
    });
    await waitUntil('hooks were told', () => bench.eventsOf('forgotten').length === 6);
    expect(bench.eventsOf('forgotten').sort()).toEqual([
      ...Array<string>(3).fill('approval.reminder'),
      'approval.requested',
      'approval.timed_out',
      'deployment.refused',
    ]);
    const ids = bench.events.filter(({ run }) => run.runId === 'forgotten').map(({ id }) => id);
    expect(ids).toContain('forgotten/event/approval.reminder/deploy/3');
  });

  test('the same answer twice is one answer; the other one is refused', async () => {
    const letGo = bench.hold('asked-4');
    await bench.start('twice', { endpoint: 'asked-4' });
    await bench.waiting('twice');
    const first = await bench.client.approve('twice', ADA);
    await bench.reached('twice');

    const again = await bench.client.approve('twice', { by: 'someone else' });
    const other = bench.client.reject('twice', BOB);

    await expect(other).rejects.toMatchObject({
      code: 'E_STATE',
      message: expect.stringContaining('ada approved it at') as string,
    });
    expect(again).toEqual(first);
    letGo();
    expect((await bench.result('twice')).deployment?.status).toBe('promoted');
    await expect(bench.client.approve('twice', ADA)).rejects.toMatchObject({ code: 'E_STATE' });
    expect(bench.eventsOf('twice').filter((type) => type === 'approval.given')).toHaveLength(1);
  });

  test.each([
    ['nobody answers', { by: ' ' }, 'E_PARAM', 'who gives it'],
    ['a task is meant that does not wait', { by: 'ada', task: 'model' }, 'E_STATE', '"model"'],
    ['the reason is no text', { by: 'ada', reason: 7 as unknown as string }, 'E_PARAM', 'reason'],
  ])('an answer is refused when %s', async (title, answer, code, words) => {
    const runId = title.replaceAll(' ', '-');
    await bench.start(runId, { endpoint: 'asked-5' });
    await bench.waiting(runId);

    const refused = bench.client.approve(runId, answer);

    await expect(refused).rejects.toMatchObject({
      code,
      message: expect.stringContaining(words) as string,
    });
    await bench.client.cancel(runId);
    expect((await bench.result(runId)).status).toBe('canceled');
  });

  test('an answer to a run that waits for none is refused', async () => {
    const letGo = bench.hold('free-1');
    await bench.start('unasked', { endpoint: 'free-1' });
    await bench.reached('unasked');

    const refused = bench.client.approve('unasked', ADA);

    await expect(refused).rejects.toMatchObject({
      code: 'E_STATE',
      message: 'Run "unasked" cannot be approved: none of its deployments waits for an approval.',
    });
    letGo();
    expect((await bench.result('unasked')).deployment?.status).toBe('promoted');
  });

  test('another worker goes on waiting where one was lost', async () => {
    await bench.start('restarted', { endpoint: 'asked-6' });
    const before = await bench.waiting('restarted');

    await bench.stopWorker();
    await bench.startWorker();

    expect(await bench.waiting('restarted')).toEqual(before);
    await bench.client.approve('restarted', ADA);
    expect((await bench.result('restarted')).deployment?.status).toBe('promoted');
  });

  test('an approval while the run is paused takes effect when it is resumed', async () => {
    await bench.start('paused', { endpoint: 'asked-7' });
    await bench.waiting('paused');
    await bench.client.pause('paused');

    await bench.client.approve('paused', ADA);
    const { paused, waitingFor, deployment } = await bench.client.show('paused');
    await bench.client.resume('paused');

    expect([paused === undefined, waitingFor, deployment]).toEqual([false, undefined, undefined]);
    expect((await bench.result('paused')).deployment?.status).toBe('promoted');
  });

  test('deployments in slices of a loop are asked for by their run, each by its task', async () => {
    await bench.start('sliced', { endpoint: 'none', loop: ['asked-8', 'asked-9'] });
    const tasks = await waitUntil('both wait', async () => {
      const { waitingFor = [] } = await bench.client.show('sliced');
      return waitingFor.length === 2 && waitingFor.map(({ task }) => task).sort();
    });

    const unclear = bench.client.approve('sliced', ADA);

    await expect(unclear).rejects.toMatchObject({
      code: 'E_PARAM',
      message: expect.stringContaining('2 deployments that wait') as string,
    });
    expect(tasks).toEqual(['loop/0/deploy', 'loop/1/deploy']);
    await bench.client.approve('sliced', { ...ADA, task: tasks[0] });
    await bench.client.reject('sliced', { ...BOB, task: tasks[1] });
    expect((await bench.result('sliced')).status).toBe('succeeded');
    const made = bench.requests.filter(({ run }) => run.runId === 'sliced');
    expect(made).toMatchObject([{ endpointName: 'asked-8', task: tasks[0] }]);
  });

  test('runs that wait are found by their outcome', async () => {
    await bench.start('found', { endpoint: 'asked-10' });
    await bench.waiting('found');

    const found = await waitUntil('it is listed', async () => {
      const runs = await bench.client.list({ outcome: 'waiting_approval' });
      return runs.some(({ runId }) => runId === 'found') && runs;
    });
    await bench.client.reject('found', BOB);
    await bench.result('found');

    expect(found.find(({ runId }) => runId === 'found')).toMatchObject({
      status: 'running',
      isWaiting: true,
    });
    await waitUntil('it waits no more', async () => {
      const runs = await bench.client.list({ outcome: 'waiting_approval' });
      return !runs.some(({ runId }) => runId === 'found');
    });
    const refused = await bench.client.list({ outcome: 'refused' });
    expect(refused.map(({ runId }) => runId)).toContain('found');
  });
});
