// Hooks of real runs on a real server, told by real requests.

import { createHmac } from 'node:crypto';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TEST_PYTHON } from '../support/anneal-cli.js';
import { PipelineService } from '../support/pipeline-service.js';
import { waitUntil } from '../support/wait-until.js';
import { openWebhookReceiver, type WebhookReceiver } from '../support/webhook-receiver.js';

const GREET = path.join(import.meta.dirname, '../support/pipelines/greet.yaml');
const SECRET = 'a shared secret';

interface Body {
  readonly type: string;
  readonly subject: string;
  readonly data: { readonly error?: { readonly code: string }; readonly outputs: object };
}

describe.skipIf(TEST_PYTHON === undefined)('hooks', () => {
  let receiver: WebhookReceiver;
  let service: PipelineService;

  beforeAll(async () => {
    receiver = await openWebhookReceiver([503]); // the first post is refused once
    const hooks = [
      {
        on: ['run.*'],
        pipelines: ['gre*'],
        webhook: { url: receiver.url, secret: 'env:HOOK_SECRET' },
      },
      { on: ['*'], pipelines: ['another'], webhook: { url: receiver.url } },
    ];
    process.env['HOOK_SECRET'] = SECRET;
    service = await PipelineService.open(TEST_PYTHON!, {}, { ANNEAL_HOOKS: JSON.stringify(hooks) });
  });
  afterAll(async () => {
    delete process.env['HOOK_SECRET'];
    await service.close();
    await receiver.close();
  });

  const bodiesOf = (runId: string): Body[] =>
    receiver.posts
      .map(({ body }) => JSON.parse(body) as Body)
      .filter((body) => body.subject === runId);

  test('are told of the start and the end of a run, signed, once a refusal is over', async () => {
    const { view } = await service.run(GREET, { name: 'you' });

    const types = await waitUntil('both events have come', () => {
      const found = bodiesOf(view!.runId).map(({ type }) => type);
      return found.length >= 3 && found;
    });
    // The post that was refused with 503 came again: the same event under the same id.
    expect([...types].sort()).toEqual([
      'anneal.run.started',
      'anneal.run.started',
      'anneal.run.succeeded',
    ]);
    for (const { headers, body } of receiver.posts) {
      const signed = `${headers['webhook-id'] as string}.${headers['webhook-timestamp'] as string}.${body}`;
      const expected = createHmac('sha256', SECRET).update(signed).digest('base64');
      expect(headers['webhook-signature']).toBe(`v1,${expected}`);
    }
    // The post that comes again may come after the end of the run: its turn says nothing.
    const end = bodiesOf(view!.runId).find(({ type }) => type === 'anneal.run.succeeded');
    expect(end?.data.outputs).toEqual({ greeting: 'hello you' });
  });

  test('are told of a run that was refused before anything started', async () => {
    const { view } = await service.run(GREET, { name: 'you' }, { runner: 'sagemaker' });

    const [body] = await waitUntil('the event has come', () => {
      const found = bodiesOf(view!.runId);
      return found.length > 0 && found;
    });
    expect(body).toMatchObject({ type: 'anneal.run.failed' });
    expect(body?.data.error?.code).toBe(view?.error?.code);
  });

  test('that cannot be reached delay no run for long, and lose no event', async () => {
    await receiver.close();
    const { view } = await service.run(GREET, { name: 'you again' });
    expect(view?.status).toBe('succeeded');
    expect(bodiesOf(view!.runId)).toEqual([]);
    const { port } = new URL(receiver.url);

    receiver = await openWebhookReceiver([], Number(port));

    await waitUntil(
      'the delivery was tried again',
      () => bodiesOf(view!.runId).some(({ type }) => type === 'anneal.run.succeeded'),
      120_000,
    );
  }, 180_000);
});
