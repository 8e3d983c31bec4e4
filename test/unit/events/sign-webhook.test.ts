import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { signedHeaders } from '../../../src/events/sign-webhook.js';

describe('the headers of a webhook', () => {
  test('carry the signature of the Standard Webhooks specification', () => {
    // Message, secret and signature as the specification's reference libraries test them.
    const message = {
      id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      timestamp: 1614265330,
      body: '{"test": 2432232314}',
    };

    const headers = signedHeaders(message, 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw');

    expect(headers).toEqual({
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    });
  });

  test('are signed with the text itself when it is no base64 key', () => {
    const headers = signedHeaders({ id: 'a', timestamp: 1, body: '{}' }, 'plain text');

    const expected = createHmac('sha256', 'plain text').update('a.1.{}').digest('base64');
    expect(headers['webhook-signature']).toBe(`v1,${expected}`);
  });

  test('have no signature without a secret', () => {
    const headers = signedHeaders({ id: 'a', timestamp: 1, body: '{}' }, undefined);

    expect(Object.keys(headers)).toEqual(['webhook-id', 'webhook-timestamp']);
  });
});
