import { describe, expect, test } from 'vitest';
import { readPipeline } from '../../../src/ir/yaml/index.js';
import { readChanged, refusalOf, sampleSpec } from './sample-spec.js';

const refusalOfText = (text: string, source = 'p.yaml') =>
  refusalOf(() => readPipeline(text, source));

/** The sample with lines in front of its top-level keys. */
const sampleText = (extra = '') => extra + JSON.stringify(sampleSpec(), null, 1);

// Wall time on a loaded machine; the work itself takes a tenth of it.
const QUICKLY_MS = 5_000;

describe('limits', () => {
  const bomb = () => {
    const levels = Array.from({ length: 30 }, (_, level) => {
      const items = Array(9)
        .fill(level === 0 ? 'x' : `*a${level - 1}`)
        .join(', ');
      return `a${level}: &a${level} [${items}]`;
    });
    return `${levels.join('\n')}\n`;
  };

  test.each([
    ['an alias bomb', bomb(), 'E_YAML_LIMIT'],
    ['an alias within its own anchor', 'a: &a [*a]\n', 'E_YAML_LIMIT'],
    ['nesting 5,000 deep in brackets', `a: ${'['.repeat(5_000)}`, 'E_YAML_LIMIT'],
    ['nesting 5,000 deep, closed', `a: ${'['.repeat(5_000)}${']'.repeat(5_000)}`, 'E_YAML_LIMIT'],
    ['nesting 5,000 deep in dashes', '- '.repeat(5_000), 'E_YAML_LIMIT'],
    [
      'nesting 3,000 deep by indentation',
      Array.from({ length: 3_000 }, (_, depth) => `${' '.repeat(depth)}a:\n`).join(''),
      'E_YAML_LIMIT',
    ],
    ['10 MB', `a: "${'x'.repeat(10_000_000)}"`, 'E_TOO_LARGE'],
    ['5 MB of brackets', '['.repeat(4_900_000), 'E_YAML_LIMIT'],
    ['5 MB of keys', 'k: 1\n'.repeat(980_000), 'E_YAML_LIMIT'],
    ['5 MB of anchors', '&a '.repeat(1_600_000), 'E_YAML_LIMIT'],
    ['5 MB of documents', '---\n'.repeat(1_200_000), 'E_PLATFORM'],
    ['5 MB of faults', 'a: b: c\n'.repeat(600_000), 'E_YAML_LIMIT'],
    ['5 MB of colons', ':'.repeat(4_900_000), 'E_YAML'],
    ['5 MB of closing brackets', ']'.repeat(4_900_000), 'E_YAML'],
  ])('%s is refused without delay', (_, text, code) => {
    const startedAt = performance.now();

    const refusal = refusalOfText(text);

    expect(refusal.code).toBe(code);
    expect(performance.now() - startedAt).toBeLessThan(QUICKLY_MS);
  });

  test('a pipeline just below the byte limit is read', () => {
    const args = ['x'.repeat(4_990_000)];

    const { warnings } = readChanged({
      'deploymentSpec.executors.exec-train.container.args': args,
    });

    expect(warnings).toEqual([]);
  });
});

describe('well-formedness', () => {
  test.each([
    ['duplicate keys', 'pipelineInfo: {}\nroot: {}\npipelineInfo: {}\n', 'p.yaml:3:1'],
    ['a tab as indentation', 'root:\n\tdag: {}\n', 'p.yaml:2:1'],
    ['an unknown tag', 'root: !!js/function "f"\n', 'p.yaml:1:7'],
    ['an integer beyond 2^53', 'root: {a: 12345678901234567890}\n', 'p.yaml:1:11'],
    ['a number with a leading zero', 'root: {a: 010}\n', 'p.yaml:1:11'],
    ['not a number', 'root: {a: .nan}\n', 'p.yaml:1:11'],
    ['an infinite number', 'root: {a: -.inf}\n', 'p.yaml:1:11'],
    ['an alias without an anchor', 'root: *nothing\n', 'p.yaml:1:7'],
    ['a mapping as a key', '? {a: 1}\n: b\n', 'p.yaml:1:3'],
    ['a quote that is not closed', 'root: "abc\n', 'p.yaml:'],
  ])('%s is refused at its place', (_, text, where) => {
    const refusal = refusalOfText(text);

    expect(refusal.code).toBe('E_YAML');
    expect(refusal.where).toContain(where);
  });

  test.each([
    ['an empty file', ''],
    ['only a comment', '# nothing\n'],
    ['a list', '- a\n'],
    ['a single value', 'hello\n'],
    ['binary', 'PK\u0003\u0004\0\0'],
    ['UTF-16', '\uFFFD\uFFFDp\0i\0p\0'],
  ])('%s is no pipeline', (_, text) => {
    expect(refusalOfText(text).code).toBe('E_YAML');
  });

  test('a byte order mark is accepted', () => {
    expect(readPipeline(sampleText('\uFEFF'), 'p.yaml').warnings).toEqual([]);
  });

  test('anchors and aliases in small numbers are read', () => {
    const text = sampleText().replace(
      '"pipelineInfo": {',
      '"sdkVersion": &v kfp-2.0.0,\n "defaultPipelineRoot": *v,\n "pipelineInfo": {',
    );

    expect(readPipeline(text, 'p.yaml').spec.defaultPipelineRoot).toBe('kfp-2.0.0');
  });

  test('quoted lines indented no further than their dash are read, as PyYAML does', () => {
    const text = [
      'pipelineInfo: {name: sample}',
      'schemaVersion: 2.1.0',
      'components: {comp-a: {executorLabel: exec-a}}',
      'root: {dag: {tasks: {a: {componentRef: {name: comp-a}}}}}',
      'deploymentSpec:',
      '  executors:',
      '    exec-a:',
      '      container:',
      '        image: a:1',
      '        args:',
      '        - "one \\',
      '        two"',
    ].join('\n');

    const { deployment } = readPipeline(text, 'p.yaml');

    expect(deployment.executors['exec-a']?.container?.args).toEqual(['one two']);
  });
});

describe('other files', () => {
  test.each([
    ['an Argo Workflow', 'apiVersion: argoproj.io/v1alpha1\nkind: Workflow\nspec: {}\n'],
    ['a Tekton pipeline', 'apiVersion: tekton.dev/v1\nkind: PipelineRun\n'],
    ['a Kubernetes object', 'apiVersion: apps/v1\nkind: Deployment\n'],
    ['a KFP v1 component', 'name: x\nimplementation: {container: {image: a}}\n'],
    ['a PipelineJob', 'displayName: x\npipelineSpec: {}\n'],
    ['a single ComponentSpec', 'executorLabel: exec-x\n'],
    ['a platform spec', 'platforms: {kubernetes: {}}\n'],
    ['some other', 'version: "3"\nservices: {}\n'],
    ['a Python program', 'from kfp import dsl\n\n@dsl.pipeline\ndef p():\n    pass\n'],
    ['a Python program', 'import kfp\n'],
  ])('%s is named', (looksLike, text) => {
    const refusal = refusalOfText(text);

    expect(refusal.code).toBe('E_NOT_PIPELINE_SPEC');
    expect(refusal.message).toContain(looksLike);
    expect(refusal.hint).toBeTruthy();
  });

  test('a name that ends in .py is enough', () => {
    expect(refusalOfText('x = 1\n', 'pipeline.py').code).toBe('E_NOT_PIPELINE_SPEC');
  });
});

describe('the schema version', () => {
  const readVersion = (version: unknown) =>
    readPipeline(JSON.stringify({ ...sampleSpec(), schemaVersion: version }), 'p.yaml');

  test.each(['2.0.0', '2.1.0', '2.1.7'])('%s is read', (version) => {
    expect(readVersion(version).warnings).toEqual([]);
  });

  test('a newer minor version is read with a warning', () => {
    expect(readVersion('2.9.9').warnings).toEqual([expect.stringContaining('2.9.9')]);
  });

  test('unknown fields of a newer version are refused', () => {
    const text = JSON.stringify({ ...sampleSpec(), schemaVersion: '2.9.9', quantum: {} });

    expect(refusalOfText(text).code).toBe('E_SPEC');
  });

  test.each(['3.0.0', '1.0.0', 'two', 2.1, undefined, null])('%s is refused', (version) => {
    expect(refusalOf(() => readVersion(version)).code).toBe('E_SCHEMA_VERSION');
  });
});

describe('places', () => {
  const text = [
    'pipelineInfo:',
    '  name: sample',
    'schema_version: 2.1.0',
    'components:',
    '  comp-a:',
    '    executorLabel: exec-b',
    'root:',
    '  dag:',
    '    tasks:',
    '      a:',
    '        componentRef:',
    '          name: comp-a',
    '        dependentTasks:',
    '        - nobody',
    '',
  ].join('\n');

  test('every finding has its line, its column and its JSON path', () => {
    const { details, where } = refusalOfText(text);

    expect(where).toBe('p.yaml:14:11');
    expect(details['errors']).toMatchObject([
      { where: 'p.yaml:14:11', path: 'root.dag.tasks.a.dependentTasks[0]', code: 'E_UNKNOWN_TASK' },
      { where: 'p.yaml:6:5', path: 'components.comp-a.executorLabel', code: 'E_UNKNOWN_EXECUTOR' },
    ]);
  });

  test('a field of the wrong form is found inside a map', () => {
    const refusal = refusalOfText(text.replace('executorLabel: exec-b', 'executorLabel: [1]'));

    expect(refusal.where).toBe('p.yaml:6:5');
    expect(refusal.code).toBe('E_SPEC');
  });

  test('a missing field is reported where it should have been', () => {
    const refusal = refusalOfText(text.replace('  name: sample', '  description: x'));

    expect(refusal.code).toBe('E_NAME');
    expect(refusal.where).toBe('p.yaml:1:1');
  });

  test('field names of the proto file are read like those of JSON', () => {
    const refusal = refusalOfText(text.replace('executorLabel', 'executor_label'));

    expect(refusal.details['errors']).toContainEqual(
      expect.objectContaining({ where: 'p.yaml:6:5', code: 'E_UNKNOWN_EXECUTOR' }),
    );
  });
});

describe('the normal form', () => {
  test('nulls inside values survive, absent fields stay absent', () => {
    const parameters = {
      path: { parameterType: 'STRING', isOptional: true, defaultValue: null },
      config: { parameterType: 'STRUCT', defaultValue: { a: null, b: [null] } },
      none: { parameterType: 'STRING', isOptional: true },
    };

    const { root } = readChanged({ 'root.inputDefinitions.parameters': parameters }).spec;
    const read = root?.inputDefinitions?.parameters;

    expect(read).toEqual(parameters);
    expect(read?.['none']).not.toHaveProperty('defaultValue');
  });

  test('constants that are null are kept apart from none', () => {
    const { root } = readChanged({
      'components.comp-train.inputDefinitions.parameters.depth.isOptional': true,
      'root.dag.tasks.train.inputs.parameters.depth': { runtimeValue: { constant: null } },
    }).spec;

    expect(root?.dag?.tasks?.['train']?.inputs?.parameters?.['depth']).toEqual({
      runtimeValue: { constant: null },
    });
  });

  test('the deployment is decoded beside the spec', () => {
    const { deployment, spec } = readPipeline(sampleText(), 'p.yaml');

    expect(deployment.executors['exec-train']?.container?.image).toBe('train:1');
    expect(spec.deploymentSpec).toEqual(deployment);
  });
});
