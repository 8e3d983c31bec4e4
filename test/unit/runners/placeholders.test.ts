import { describe, expect, test } from 'vitest';
import { renderArguments, renderText } from '../../../src/runners/task-contract/index.js';
import type { PlaceholderContext, TaskInput } from '../../../src/runners/task-contract/index.js';
import { NAMES } from './support/runner-bench.js';

const dataset = {
  name: 'data',
  type: { schemaTitle: 'system.Dataset', schemaVersion: '0.0.1' },
  uri: '/in/data.csv',
  metadata: { rows: 12, note: 'say "hi"', tags: ['a', 'b'] },
};
const input: TaskInput = {
  inputs: {
    parameterValues: {
      text: 'a "b" $(c) {{$.pipeline_job_name}}',
      count: 100,
      tiny: 1e-7,
      huge: 1e23,
      ratio: 0.85,
      yes: true,
      list: [1, 'two', { three: 3 }],
      struct: { a: 1, b: [true, null] },
      nothing: null,
      empty: '',
    },
    artifacts: { data: { artifacts: [dataset] }, none: { artifacts: [] } },
  },
  outputs: {
    parameters: { sum: { outputFile: '/out/parameters/sum' } },
    artifacts: { model: { artifacts: [{ ...dataset, name: 'model', uri: '/out/model' }] } },
    outputFile: '/out/executor_output.json',
  },
};
const context: PlaceholderContext = { input, names: NAMES, readArtifact: (path) => `<${path}>` };

describe('each placeholder shows what KFP shows', () => {
  test.each([
    ["{{$.inputs.parameters['text']}}", 'a "b" $(c) {{$.pipeline_job_name}}'],
    ["{{$.inputs.parameters['count']}}", '100'],
    ["{{$.inputs.parameters['tiny']}}", '0.0000001'],
    ["{{$.inputs.parameters['huge']}}", '100000000000000000000000'],
    ["{{$.inputs.parameters['ratio']}}", '0.85'],
    ["{{$.inputs.parameters['yes']}}", 'true'],
    ["{{$.inputs.parameters['list']}}", '[1,"two",{"three":3}]'],
    ["{{$.inputs.parameters['struct']}}", '{"a":1,"b":[true,null]}'],
    ["{{$.inputs.parameters['nothing']}}", ''],
    ["{{$.inputs.parameters['text'].json_escape[1]}}", 'a \\"b\\" $(c) {{$.pipeline_job_name}}'],
    ["{{$.inputs.artifacts['data'].path}}", '/in/data.csv'],
    ["{{$.inputs.artifacts['data'].uri}}", '/in/data.csv'],
    ["{{$.inputs.artifacts['data'].name}}", 'data'],
    ["{{$.inputs.artifacts['data'].value}}", '</in/data.csv>'],
    ["{{$.inputs.artifacts['data'].metadata['rows']}}", '12'],
    ["{{$.inputs.artifacts['data'].metadata['tags']}}", '["a","b"]'],
    ["{{$.inputs.artifacts['data'].metadata['absent']}}", ''],
    ["{{$.inputs.artifacts['data'].metadata}}", JSON.stringify(dataset.metadata)],
    ["{{$.inputs.artifacts['data']}}", JSON.stringify([dataset])],
    ["{{$.outputs.parameters['sum'].output_file}}", '/out/parameters/sum'],
    ["{{$.outputs.artifacts['model'].path}}", '/out/model'],
    ["{{$.outputs.artifacts['model'].uri}}/0", '/out/model/0'],
    ['{{$.outputs.output_file}}', '/out/executor_output.json'],
    ['{{$.pipeline_job_name}}', 'my-pipeline'],
    ['{{$.pipeline_job_resource_name}}', 'my-pipeline/run-1'],
    ['{{$.pipeline_job_uuid}}', 'run-1'],
    ['{{$.pipeline_task_name}}', 'my-task'],
    ['{{$.pipeline_task_uuid}}', 'run-1/my-task/1'],
    ['{{$.pipeline_root}}', 'file:///store'],
    ['{{$.pipeline_job_create_time_utc}}', '2026-01-02T03:04:05Z'],
    ["--a={{$.inputs.parameters['count']}},{{$.inputs.parameters['yes']}}", '--a=100,true'],
    ['no placeholder {{ here }} $$', 'no placeholder {{ here }} $$'],
  ])('%s', (text, expected) => {
    expect(renderText(text, context)).toBe(expected);
  });
});

test('{{$}} is the whole executor input as JSON', () => {
  const whole = JSON.parse(renderText('{{$}}', context)) as TaskInput;

  expect(whole.inputs.parameterValues).toEqual(input.inputs.parameterValues);
  expect(whole.outputs.outputFile).toBe('/out/executor_output.json');
});

test('an escaped executor input inside a JSON string gives the executor input back', () => {
  const rendered = renderText('{"args": ["--executor_input={{$.json_escape[1]}}"]}', context);

  const { args } = JSON.parse(rendered) as { args: [string] };
  const inner = JSON.parse(args[0].slice('--executor_input='.length)) as TaskInput;
  expect(inner.inputs.parameterValues).toEqual(input.inputs.parameterValues);
});

test('a value that looks like a placeholder is never rendered again (H1)', () => {
  const rendered = renderArguments(
    [
      "{{$.inputs.parameters['text']}}",
      '{"Concat": ["<", "{{$.inputs.parameters[\'text\']}}", ">"]}',
    ],
    context,
  );

  expect(rendered).toEqual([
    'a "b" $(c) {{$.pipeline_job_name}}',
    '<a "b" $(c) {{$.pipeline_job_name}}>',
  ]);
});

describe('Concat and IfPresent (H2)', () => {
  const rows: [string, unknown, string[]][] = [
    [
      'a Concat is one argument',
      { Concat: ['p-', "{{$.inputs.parameters['count']}}", '-s'] },
      ['p-100-s'],
    ],
    [
      'a present input gives Then',
      { IfPresent: { InputName: 'count', Then: ['--n', "{{$.inputs.parameters['count']}}"] } },
      ['--n', '100'],
    ],
    [
      'an absent input gives Else',
      { IfPresent: { InputName: 'missing', Then: ['x'], Else: ['y', 'z'] } },
      ['y', 'z'],
    ],
    [
      'an absent input without Else gives nothing',
      { IfPresent: { InputName: 'missing', Then: ['x'] } },
      [],
    ],
    [
      'a null input is absent',
      { IfPresent: { InputName: 'nothing', Then: 'x', Else: 'y' } },
      ['y'],
    ],
    [
      'an empty text is present',
      { IfPresent: { InputName: 'empty', Then: 'x', Else: 'y' } },
      ['x'],
    ],
    [
      'an artifact can be present',
      { IfPresent: { InputName: 'data', Then: ["{{$.inputs.artifacts['data'].path}}"] } },
      ['/in/data.csv'],
    ],
    [
      'an empty list of artifacts is absent',
      { IfPresent: { InputName: 'none', Then: 'x', Else: 'y' } },
      ['y'],
    ],
    [
      'a nested structure',
      {
        IfPresent: {
          InputName: 'count',
          Then: {
            Concat: [
              'a',
              { IfPresent: { InputName: 'missing', Then: 'b', Else: { Concat: ['c', 'd'] } } },
            ],
          },
        },
      },
      ['acd'],
    ],
    [
      'an IfPresent without branch in a Concat adds nothing',
      { Concat: ['a', { IfPresent: { InputName: 'missing', Then: 'b' } }] },
      ['a'],
    ],
    [
      'a Concat inside a list',
      { IfPresent: { InputName: 'count', Then: ['--x', { Concat: ['1', '2'] }] } },
      ['--x', '12'],
    ],
  ];
  test.each(rows)('%s', (_, structure, expected) => {
    expect(renderArguments([JSON.stringify(structure)], context)).toEqual(expected);
  });
});

test('a branch that is not taken may name inputs that are absent', () => {
  const structure = {
    IfPresent: { InputName: 'missing', Then: "{{$.inputs.parameters['missing']}}", Else: 'none' },
  };

  expect(renderArguments([JSON.stringify(structure)], context)).toEqual(['none']);
});

describe('what cannot be rendered is refused', () => {
  test.each([
    ['an unknown placeholder', '{{$.nope}}'],
    ['an absent parameter', "{{$.inputs.parameters['missing']}}"],
    ['an inherited property', "{{$.inputs.parameters['toString']}}"],
    ['an absent artifact', "{{$.inputs.artifacts['missing'].path}}"],
    ['a structure of a wrong form', '{"IfPresent": {"Then": "x"}}'],
  ])('%s', (_, text) => {
    expect(() => renderArguments([text], context)).toThrow(
      expect.objectContaining({ code: 'E_PLACEHOLDER' }),
    );
  });
});

test('a program text in a command keeps what only looks like a placeholder (H3)', () => {
  const program = 'print(f"{{$.mine}} {{$}}"[:9])';

  expect(renderArguments([program], context, 'keep')[0]).toContain('{{$.mine}}');
});
