import { expect, test } from 'vitest';
import { assertApproved } from '../../../src/deploy/index.js';

const AT = '2026-01-01T00:00:00.000Z';
const ASKS = { approval: { timeoutHours: 1 } };

test.each([
  ['no answer', undefined],
  ['an answer of nobody', { by: ' ', at: AT }],
])('a policy that asks a person lets no model pass without an answer: %s', (_, given) => {
  expect(() => assertApproved(ASKS, 'churn', given)).toThrow(
    'the policy of endpoint "churn" asks for an approval and none is on record',
  );
});

test.each([
  ['its answer is there', ASKS, { by: 'ada', at: AT }],
  ['nobody is asked', {}, undefined],
])('a model passes when %s', (_, policy, given) => {
  expect(() => assertApproved(policy, 'churn', given)).not.toThrow();
});
