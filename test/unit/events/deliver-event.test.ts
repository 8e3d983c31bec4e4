import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Hook } from '../../../src/config/index.js';
import type { RunEvent } from '../../../src/contract/index.js';
import { deliverEvent, hooksOf } from '../../../src/events/index.js';
import { openLocalStore, type ArtifactStore } from '../../../src/storage/index.js';
import { openWebhookReceiver, type WebhookReceiver } from '../../support/webhook-receiver.js';

const EVENT: RunEvent = {
  id: 'run-1/event/run.failed',
  type: 'run.failed',
  time: '2026-01-02T03:04:05.000Z',
  run: {
    runId: 'run-1',
    pipeline: 'ml <training>',
    version: 3,
    digest: 'sha256:00',
    status: 'failed',
    startedAt: '2026-01-02T03:00:00.000Z',
  },
  outputs: {},
  error: { code: 'E_DATA', message: 'No rows & no <columns>.', hint: 'Give some.' },
};
const signal = new AbortController().signal;

let folder: string;
let store: ArtifactStore;
let receiver: WebhookReceiver | undefined;

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'anneal-events-'));
  store = await openLocalStore(path.join(folder, 'store'));
});
afterEach(async () => {
  await receiver?.close();
  receiver = undefined;
  delete process.env['HOOK_TEST_URL'];
  rmSync(folder, { recursive: true, force: true });
});

const deliver = (hook: Hook, event = EVENT) => deliverEvent(event, hook, { store, signal, folder });
const program = (source: string): Hook => ({
  on: ['*'],
  command: [process.execPath, '-e', source],
});

describe('a webhook', () => {
  test('gets the event as CloudEvents JSON', async () => {
    receiver = await openWebhookReceiver();

    await deliver({ on: ['*'], webhook: { url: receiver.url } });

    expect(receiver.posts[0]?.headers['webhook-id']).toBe(EVENT.id);
    expect(JSON.parse(receiver.posts[0]!.body)).toMatchObject({
      specversion: '1.0',
      id: EVENT.id,
      type: 'anneal.run.failed',
      source: '/anneal/pipelines/ml%20%3Ctraining%3E',
      subject: 'run-1',
      data: { run: { runId: 'run-1' }, error: { code: 'E_DATA' } },
    });
  });

  test('that has answered is told no second time (E1)', async () => {
    receiver = await openWebhookReceiver();
    const hook = { on: ['*'], webhook: { url: receiver.url } };
    await deliver(hook);

    await deliver(hook);

    expect(receiver.posts).toHaveLength(1);
  });

  test.each([
    [503, true],
    [429, true],
    [404, false],
    [302, false],
  ])('that answers %i fails the delivery, worth a retry: %s', async (status, retryable) => {
    receiver = await openWebhookReceiver([status]);

    const delivery = deliver({ on: ['*'], webhook: { url: receiver.url } });

    await expect(delivery).rejects.toMatchObject({ code: 'E_HOOK', retryable });
    expect(receiver.posts).toHaveLength(1);
  });

  test('that cannot be reached is worth a retry', async () => {
    receiver = await openWebhookReceiver();
    await receiver.close();

    const delivery = deliver({ on: ['*'], webhook: { url: receiver.url } });

    await expect(delivery).rejects.toMatchObject({ code: 'E_HOOK', retryable: true });
  });

  test('at a secret address is named by its reference only', async () => {
    process.env['HOOK_TEST_URL'] = 'http://127.0.0.1:9/T0P-S3CRET';

    const failure = (await deliver({
      on: ['*'],
      slack: { url: 'env:HOOK_TEST_URL' },
    }).catch((error: unknown) => error)) as Error;

    expect(failure.message).toContain('env:HOOK_TEST_URL');
    expect(JSON.stringify({ ...failure, message: failure.message })).not.toContain('T0P-S3CRET');
  });
});

test('a Slack-compatible webhook gets a message whose markup the event cannot break', async () => {
  receiver = await openWebhookReceiver();
  process.env['HOOK_TEST_URL'] = receiver.url;

  await deliver({ on: ['*'], slack: { url: 'env:HOOK_TEST_URL' } });

  const { blocks } = JSON.parse(receiver.posts[0]!.body) as {
    blocks: { text: { text: string } }[];
  };
  expect(blocks[0]?.text.text).toContain('ml &lt;training&gt;: run failed');
  expect(blocks[0]?.text.text).toContain('No rows &amp; no &lt;columns&gt;.');
});

describe('a command', () => {
  test('gets the event on its input, and none of the worker’s variables (C2)', async () => {
    process.env['HOOK_TEST_URL'] = 'secret';
    const source = `
      const body = require('node:fs').readFileSync(0, 'utf8');
      const seen = { body: JSON.parse(body), variables: Object.keys(process.env).sort() };
      require('node:fs').writeFileSync('seen.json', JSON.stringify(seen));`;

    await deliver(program(source));

    const seen = JSON.parse(readFileSync(path.join(folder, 'seen.json'), 'utf8')) as {
      body: { id: string };
      variables: string[];
    };
    expect(seen.body.id).toBe(EVENT.id);
    expect(seen.variables).not.toContain('HOOK_TEST_URL');
  });

  test('that fails says why, and is tried again', async () => {
    const delivery = deliver(program('console.error("no pager"); process.exit(3)'));

    await expect(delivery).rejects.toMatchObject({
      code: 'E_HOOK',
      retryable: true,
      message: expect.stringContaining('exit code 3: no pager') as string,
    });
  });

  test('that does not exist is not tried again', async () => {
    const delivery = deliver({ on: ['*'], command: ['no-such-program-here'] });

    await expect(delivery).rejects.toMatchObject({ code: 'E_HOOK', retryable: false });
  });
});

describe('the hooks of a pipeline', () => {
  test.each([
    [undefined, true],
    [['ml-*'], true],
    [['churn', 'ml-training'], true],
    [['ml'], false],
    [['*.ml-training'], false],
  ])('for names %j', (pipelines, expected) => {
    const hooks = hooksOf([{ on: ['*'], pipelines, command: ['true'] }], 'ml-training');

    expect(hooks.length > 0).toBe(expected);
  });
});
