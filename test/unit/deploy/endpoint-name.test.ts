import { describe, expect, it } from 'vitest';
import { assertEndpointName } from '../../../src/deploy/index.js';

describe('assertEndpointName', () => {
  it.each(['churn-model-prod', 'a', 'A9', 'a--b', 'x'.repeat(63)])('accepts %s', (name) => {
    expect(() => assertEndpointName(name)).not.toThrow();
  });

  it.each(['', '-x', 'x-', 'churn_model!', 'x'.repeat(64), 'a/b', '..', 'a.b', 'ä', 'a\n', 'a\0'])(
    'refuses %j',
    (name) => {
      expect(() => assertEndpointName(name)).toThrow(
        expect.objectContaining({ code: 'E_ENDPOINT_NAME', exitCode: 3 }),
      );
    },
  );
});
