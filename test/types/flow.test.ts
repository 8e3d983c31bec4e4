// Each wrong call is wrong for the type checker (`@ts-expect-error`); the run-time twins
// are in test/unit/dsl.

import { readFileSync } from 'node:fs';
import { describe, expect, expectTypeOf, it } from 'vitest';
import type { ParameterReference, TaskOptions } from '../../src/dsl/index.js';
import {
  component,
  double,
  exitHandler,
  finalStatus,
  integer,
  listOf,
  Model,
  optional,
  pipeline,
  string,
} from '../../src/dsl/index.js';
import { ping, prepare } from './sample-components.js';
import { typeCheck } from './type-check.js';

const notify = component({
  name: 'notify',
  inputs: { status: finalStatus(), text: string({ default: '' }), level: integer() },
  container: ({ inputs }) => ({ image: 'i', command: ['notify', inputs.status] }),
});

// Only the types count: nothing given is run.
const unused = (...bodies: readonly (() => unknown)[]): number => bodies.length;

describe('this file', () => {
  it('has the types that it says, and no others', () => {
    const text = readFileSync(import.meta.filename, 'utf8');

    expect(typeCheck({ 'flow.test.ts': text })).toEqual([]);
  });
});

describe('an exit handler', () => {
  it('takes a task and a body without outputs, and can be waited for', () => {
    unused(
      () => ping({}, { after: [exitHandler(ping(), () => ping())] }),
      // @ts-expect-error a component is not a task
      () => exitHandler(ping, () => ping()),
      // @ts-expect-error its body hands nothing on
      () => exitHandler(ping(), () => ({ rows: prepare({ raw: raw() }).outputs.rows })),
      // @ts-expect-error it has no outputs
      () => exitHandler(ping(), () => ping()).outputs.rows,
    );
  });

  it('fills in a final status, which nobody passes', () => {
    expectTypeOf(notify).parameter(0).toHaveProperty('status').toEqualTypeOf<undefined>();
    unused(
      () => notify({ level: 1 }),
      // @ts-expect-error a final status is not passed
      () => notify({ level: 1, status: 'SUCCEEDED' }),
      // @ts-expect-error a pipeline has no final status
      () => pipeline({ name: 'sample', inputs: { status: finalStatus() } }, () => ping()),
    );
  });
});

describe('an optional input', () => {
  it('takes null, a required one does not', () => {
    unused(
      () => notify({ level: 1, text: null }),
      // @ts-expect-error level is required
      () => notify({ level: null }),
    );
  });
});

describe('task options', () => {
  it('know amounts, names and seconds', () => {
    const amount = {} as ParameterReference<'string'>;
    const options: readonly TaskOptions[] = [
      { resources: { cpu: { request: '500m', limit: amount } } },
      { resources: { accelerator: { type: 'nvidia.com/gpu', count: 2 } } },
      { timeoutSeconds: 60, cacheKey: 'a', env: { A: 'b' }, ignoreUpstreamFailure: true },
      // @ts-expect-error a unit is needed: text
      { resources: { memory: { limit: 4 } } },
      // @ts-expect-error no such resource
      { resources: { disk: { limit: '1Gi' } } },
      // @ts-expect-error a variable is text
      { env: { A: 1 } },
    ];
    unused(() => options);
  });
});

describe('the placeholders of a container', () => {
  it('are those of its own interface', () => {
    const inputs = { share: double(), before: optional(Model), models: listOf(Model) };
    unused(() =>
      component({
        name: 'x',
        inputs,
        container: ({ inputs: given, concat, ifPresent }) => {
          expectTypeOf(given.models).toEqualTypeOf<string>();
          expectTypeOf(given.before.path).toEqualTypeOf<string>();
          return {
            image: 'i',
            command: [concat('--share=', given.share), ifPresent('before', given.before.path)],
            // @ts-expect-error no such input
            args: [ifPresent('after', 'x')],
          };
        },
      }),
    );
  });
});

function raw(): never {
  throw new Error('not run');
}
