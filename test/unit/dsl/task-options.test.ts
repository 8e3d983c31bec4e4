import { describe, expect, it } from 'vitest';
import {
  component,
  Dataset,
  importer,
  pipeline,
  string,
  type TaskOptions,
} from '../../../src/dsl/index.js';

const image = 'python:3.11';
const say = component({
  name: 'say',
  inputs: { text: string({ default: 'a' }), mood: string({ optional: true }) },
  container: { image, env: { LEVEL: 'low', KEPT: 'yes' } },
});

const building = (options: TaskOptions) => () =>
  pipeline({ name: 'sample' }, () => say({}, options));
const compiled = (options: TaskOptions) => building(options)().compile();
const outOfRange = (message: RegExp) =>
  expect.objectContaining({
    code: 'E_RANGE',
    message: expect.stringMatching(message) as string,
  }) as Error;

describe('task options', () => {
  it.each([
    [{ resources: { cpu: { limit: '2 cores' } } }, /resources\.cpu\.limit/],
    [{ resources: { memory: { request: '0.5Gi' } } }, /resources\.memory\.request/],
    [{ resources: { memory: { limit: 4 as never } } }, /resources\.memory\.limit/],
    [{ resources: { accelerator: { type: '' } } }, /resources\.accelerator\.type/],
    [{ resources: { accelerator: { type: 'gpu', count: -1 } } }, /resources\.accelerator\.count/],
    [{ timeoutSeconds: 0 }, /timeoutSeconds/],
    [{ timeoutSeconds: 1.5 }, /timeoutSeconds/],
    [{ cacheKey: '' }, /cacheKey/],
    [{ cacheKey: 'k', caching: false }, /cacheKey is given with caching: false/],
    [{ env: { 'A=B': 'c' } }, /env/],
    [{ env: { A: 1 as never } }, /env/],
  ] as const)('refuses %j', (options, message) => {
    expect(building(options)).toThrow(outOfRange(message));
  });

  it('of containers are refused for importers and pipelines', () => {
    const inner = pipeline({ name: 'inner' }, () => say());
    const options = { timeoutSeconds: 5 };

    expect(() =>
      pipeline({ name: 'sample' }, () => importer({ uri: 'a', type: Dataset }, options)),
    ).toThrow(outOfRange(/an importer/));
    expect(() => pipeline({ name: 'sample' }, () => inner({}, options))).toThrow(
      outOfRange(/a pipeline/),
    );
  });

  it.each([
    ['4Gi', 4.294967296],
    ['512Mi', 0.536870912],
    ['2G', 2],
    ['3K', 0.000003],
    ['1Ti', 1099.511627776],
    ['1000', 0.000001],
  ])('write memory of %s as %d billion bytes beside the text', (limit, memoryLimit) => {
    const { deployment } = compiled({ resources: { memory: { limit } } });

    expect(deployment.executors['exec-say']!.container!.resources).toEqual({
      resourceMemoryLimit: limit,
      memoryLimit,
    });
  });

  it('set one environment variable and keep the others of the component', () => {
    const { deployment } = compiled({ env: { LEVEL: 'high', MODE: 'fast' } });

    expect(deployment.executors['exec-say']!.container!.env).toEqual([
      { name: 'LEVEL', value: 'high' },
      { name: 'KEPT', value: 'yes' },
      { name: 'MODE', value: 'fast' },
    ]);
  });

  it('write a timeout into the platform document, under the executor', () => {
    const { platform } = compiled({ timeoutSeconds: 90 });

    expect(platform!.platforms!['kubernetes']!.deploymentSpec!.executors).toEqual({
      'exec-say': { activeDeadlineSeconds: '90' },
    });
    expect(compiled({}).platform).toBeUndefined();
  });
});

describe('null for an optional input', () => {
  it('is a value: absent and null are told apart, with a default too', () => {
    const { spec } = pipeline({ name: 'sample' }, () => {
      say({ text: null, mood: null });
      say({ text: undefined });
    }).compile();

    const { say: given, 'say-2': absent } = spec.root!.dag!.tasks!;
    expect(given!.inputs!.parameters).toEqual({
      text: { runtimeValue: { constant: null } },
      mood: { runtimeValue: { constant: null } },
    });
    expect(absent!.inputs).toBeUndefined();
  });
});

describe('a command', () => {
  it('keeps constants apart from structure, whatever is in them', () => {
    const hostile = '", {"Concat": ["';
    const built = component({
      name: 'x',
      inputs: { a: string({ optional: true }) },
      container: ({ inputs, concat, ifPresent }) => ({
        image,
        args: [concat(hostile, inputs.a), ifPresent('a', hostile)],
      }),
    });

    const { implementation } = built.definition;
    const args = implementation.kind === 'container' ? implementation.container.args! : [];
    expect(args.map((text) => JSON.parse(text) as unknown)).toEqual([
      { Concat: [hostile, "{{$.inputs.parameters['a']}}"] },
      { IfPresent: { InputName: 'a', Then: hostile } },
    ]);
  });

  it('refuses several arguments within one', () => {
    const wrong = () =>
      component({
        name: 'x',
        inputs: { a: string({ optional: true }) },
        container: ({ concat, ifPresent }) => ({
          image,
          args: [concat('a', ifPresent('a', 'b', ifPresent('a', ['c', 'd'])))],
        }),
      });

    expect(wrong).toThrow(expect.objectContaining({ code: 'E_TYPE' }) as Error);
  });
});
