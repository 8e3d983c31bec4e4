// The strict fake by itself: its rules are AWS's, its metric math and its objects are right.

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { AWS_API, checkOf, evaluate } from '../../../src/devserver/fake-sagemaker/index.js';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const GENERATED = join(ROOT, 'src/devserver/fake-sagemaker/aws-api.generated.ts');
const PYTHON = process.env['ANNEAL_DEV_PYTHON'];

if (PYTHON === undefined) {
  console.warn('SKIPPED: AWS rules against botocore, because ANNEAL_DEV_PYTHON is not set.');
}

describe('the rules of the fake', () => {
  it.skipIf(PYTHON === undefined)('are those of botocore', () => {
    const script = join(ROOT, 'python-tasks/tools/dump_aws_api.py');

    const generated = execFileSync(PYTHON!, [script], { encoding: 'utf8', maxBuffer: 2 ** 24 });

    expect(readFileSync(GENERATED, 'utf8')).toBe(generated);
  });

  const sagemaker = checkOf(AWS_API.sagemaker);
  const named = { EndpointName: 'churn', EndpointConfigName: 'churn-1' };
  const routing = (changes: object) => ({
    ...named,
    DeploymentConfig: {
      BlueGreenUpdatePolicy: {
        TrafficRoutingConfiguration: { Type: 'CANARY', WaitIntervalInSeconds: 0, ...changes },
      },
    },
  });

  it.each<[string, string, object]>([
    ['without a required member', 'CreateEndpoint', { EndpointName: 'churn' }],
    ['with an unknown member', 'CreateEndpoint', { ...named, Colour: 'green' }],
    ['of another type', 'CreateEndpoint', { ...named, EndpointName: 7 }],
    ['of a wrong pattern', 'CreateEndpoint', { ...named, EndpointName: 'a_b' }],
    ['too long', 'CreateEndpoint', { ...named, EndpointName: 'x'.repeat(64) }],
    ['of no known value', 'UpdateEndpoint', routing({ Type: 'SLOWLY' })],
    ['out of range', 'UpdateEndpoint', routing({ WaitIntervalInSeconds: 3601 })],
  ])('refuse a request %s', (_, operation, input) => {
    expect(() => sagemaker(operation, input)).toThrow(/failed to satisfy constraint/);
  });

  it('let a proper request pass', () => {
    expect(() => sagemaker('UpdateEndpoint', routing({}))).not.toThrow();
  });
});

describe('metric math of the fake', () => {
  const values = { errors: 3, requests: 20, none: undefined };

  it.each([
    ['errors / requests', 0.15],
    ['IF(requests >= 20, errors / requests, 0)', 0.15],
    ['IF(requests > 20, errors / requests, 0)', 0],
    ['2 * (errors + 1) - 1', 7],
    ['none / requests', undefined],
    ['IF(none >= 20, 1, 0)', undefined],
    ['errors / 0', undefined],
  ])('computes %s', (expression, value) => {
    expect(evaluate(expression, values)).toBe(value);
  });

  it.each(['errors /', 'unknown + 1', 'IF(1)', 'errors ; requests', '(errors'])(
    'refuses %s',
    (expression) => {
      expect(() => evaluate(expression, values)).toThrow();
    },
  );
});
