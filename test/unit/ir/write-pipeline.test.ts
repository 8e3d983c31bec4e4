import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Pipeline } from '../../../src/ir/index.js';
import { pipelineDigest, readPipeline, writePipeline } from '../../../src/ir/yaml/index.js';
import { readChanged, sampleSpec } from './sample-spec.js';

const reversed = (value: unknown): unknown =>
  value !== null && typeof value === 'object' && !Array.isArray(value)
    ? Object.fromEntries(
        Object.entries(value)
          .reverse()
          .map(([key, item]) => [key, reversed(item)]),
      )
    : value;

const SAMPLE = readChanged({
  'root.inputDefinitions.parameters.config': { parameterType: 'STRUCT', defaultValue: {} },
});

const withDefault = (value: unknown): Pipeline => {
  const pipeline = structuredClone(SAMPLE);
  const { parameters } = pipeline.spec.root!.inputDefinitions!;
  parameters!['config']!.defaultValue = { value } as never;
  return pipeline;
};

describe('canonical YAML', () => {
  test('the order of keys in the source changes neither bytes nor digest', () => {
    const one = readPipeline(JSON.stringify(sampleSpec()), 'a');
    const other = readPipeline(JSON.stringify(reversed(sampleSpec())), 'b');

    expect(writePipeline(other)).toBe(writePipeline(one));
    expect(pipelineDigest(other)).toBe(pipelineDigest(one));
  });

  test('field names of the proto file change neither bytes nor digest', () => {
    const text = JSON.stringify(sampleSpec());
    const snake = text.replaceAll('deploymentSpec', 'deployment_spec');

    expect(writePipeline(readPipeline(snake, 'b'))).toBe(writePipeline(readPipeline(text, 'a')));
  });

  test('what was written is read as the same pipeline', () => {
    const pipeline = readChanged({});

    const again = readPipeline(writePipeline(pipeline), 'again.yaml');

    expect(again).toEqual(pipeline);
    expect(writePipeline(again)).toBe(writePipeline(pipeline));
  });

  test('the platform spec is the second document, and part of the digest', () => {
    const config = { platforms: { kubernetes: { platform: 'kubernetes' } } };
    const text = `${JSON.stringify(sampleSpec())}\n---\n${JSON.stringify(config)}`;

    const pipeline = readPipeline(text, 'two.yaml');

    expect(readPipeline(writePipeline(pipeline), 'again.yaml').platform).toEqual(config);
    expect(pipelineDigest(pipeline)).not.toBe(pipelineDigest({ ...pipeline, platform: undefined }));
  });

  test.each(['yes', '010', '1:30', '2020-01-01', '=', '~', '1e3', 'null', '', ' x', '!x', '<<'])(
    'text that YAML 1.1 takes for something else is quoted: %j',
    (text) => {
      expect(writePipeline(withDefault(text))).toContain(`value: ${JSON.stringify(text)}\n`);
    },
  );

  test('numbers with an exponent have a point, which YAML 1.1 needs', () => {
    expect(writePipeline(withDefault(1e-7))).toContain('value: 1.0e-7\n');
    expect(writePipeline(withDefault(1e21))).toContain('value: 1.0e+21\n');
  });

  test('code of several lines stays readable', () => {
    expect(writePipeline(withDefault('def f():\n    return 1\n'))).toContain(
      'value: |\n            def f():\n                return 1\n',
    );
  });

  test('any value survives writing and reading', () => {
    const text = fc.string({
      unit: fc.constantFrom(...' \n\t\r\'"\\#:-?[]{}&*!|>%@`,a0.e\u0085\u2028😀'),
    });
    const value = fc.jsonValue({ stringUnit: 'grapheme' });
    const property = fc.property(fc.oneof(text, value), (defaultValue) => {
      fc.pre(!JSON.stringify(defaultValue).includes('__proto__'));
      const pipeline = withDefault(defaultValue);

      expect(readPipeline(writePipeline(pipeline), 'again.yaml')).toEqual(pipeline);
    });

    fc.assert(property, { numRuns: 300 });
  });
});

describe('the digest', () => {
  test('is a SHA-256 and does not change between versions of Anneal', () => {
    expect(pipelineDigest(readChanged({}))).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(pipelineDigest(readChanged({}))).toBe(
      'sha256:91297a96f2e7732bc03eb68b9d8f7fc668fab72af6d8965c29297c9a1e26cfa5',
    );
  });

  test('changes with any value', () => {
    const changed = readChanged({
      'deploymentSpec.executors.exec-train.container.image': 'train:2',
    });

    expect(pipelineDigest(changed)).not.toBe(pipelineDigest(readChanged({})));
  });
});
