import { describe, expect, test } from 'vitest';
import { readPipeline } from '../../../src/ir/yaml/index.js';
import { findingsOf, readChanged, refusalOf, sampleSpec } from './sample-spec.js';

const CONTAINER = 'deploymentSpec.executors.exec-train.container';
const withArgument = (argument: string) => ({ [`${CONTAINER}.args`]: [argument] });

describe('placeholders', () => {
  test.each([
    ['{{$}}'],
    ['{{$.json_escape[1]}}'],
    ["--n={{$.inputs.parameters['count']}}, {{$.inputs.parameters['depth']}}"],
    ["{{$.inputs.artifacts['rows']}}"],
    ["{{$.inputs.artifacts['rows'].path}}"],
    ["{{$.inputs.artifacts['rows'].uri}}"],
    ["{{$.inputs.artifacts['rows'].metadata['accuracy']}}"],
    ["{{$.outputs.artifacts['model'].path}}"],
    ['{{$.outputs.output_file}}'],
    ['{{$.pipeline_job_name}}/{{$.pipeline_task_uuid}}'],
    ['{{$.pipeline_job_schedule_time_utc}}{{$.pipeline_root}}{{$.workspace_path}}'],
    ['{{ $labels.instance }} of another template language, and {"json": true}'],
    ['{"Concat": ["a", "{{$.inputs.parameters[\'count\']}}"]}'],
    ['{"IfPresent": {"InputName": "depth", "Then": ["--depth", {"Concat": ["d", "1"]}]}}'],
    ['{"IfPresent": {"InputName": "rows", "Then": "a", "Else": "b"}}'],
  ])('%s is known', (argument) => {
    expect(readChanged(withArgument(argument)).warnings).toEqual([]);
  });

  test.each([
    ['{{$.nope}}'],
    ["{{$.inputs.parameters['cuont']}}"],
    ["{{$.inputs.parameters['rows']}}"],
    ["{{$.inputs.parameters['count'].path}}"],
    ["{{$.inputs.artifacts['rows'].size}}"],
    ["{{$.outputs.parameters['model'].output_file}}"],
    ["{{$.outputs.artifacts['rows'].path}}"],
    ['{"Concat": ["a", "{{$.nope}}"]}'],
    ['{"Concat": "a"}'],
    ['{"Concat": [["a"]]}'],
    ['{"Concat": ["a"'],
    ['{"IfPresent": {"InputName": "nope", "Then": "a"}}'],
    ['{"IfPresent": {"InputName": "depth"}}'],
    ['{"IfPresent": {"InputName": "depth", "Then": "a", "Otherwise": "b"}}'],
  ])('%s is refused', (argument) => {
    expect(findingsOf(withArgument(argument))).toEqual([`E_PLACEHOLDER ${CONTAINER}.args[0]`]);
  });

  test('one that names an unknown input suggests the nearest', () => {
    const refusal = refusalOf(() => readChanged(withArgument("{{$.inputs.parameters['cont']}}")));

    expect(refusal.hint).toBe('Did you mean "count"?');
  });

  test('the environment and the resources are looked at too', () => {
    const findings = findingsOf({
      [`${CONTAINER}.env`]: [{ name: 'A', value: '{{$.nope}}' }],
      [`${CONTAINER}.resources`]: { resourceCpuLimit: '{{$.nope}}' },
    });

    expect(findings).toEqual([
      `E_PLACEHOLDER ${CONTAINER}.env[0].value`,
      `E_PLACEHOLDER ${CONTAINER}.resources.resourceCpuLimit`,
    ]);
  });
});

describe('executors', () => {
  test('a container needs an image, and amounts are not negative', () => {
    const findings = findingsOf({
      [`${CONTAINER}.image`]: '',
      [`${CONTAINER}.resources`]: { cpuLimit: -1 },
    });

    expect(findings).toEqual([
      `E_SPEC ${CONTAINER}.image`,
      `E_RANGE ${CONTAINER}.resources.cpuLimit`,
    ]);
  });

  test('an executor of no kind is refused', () => {
    const findings = findingsOf({ 'deploymentSpec.executors.exec-train': {} });

    expect(findings).toEqual(['E_SPEC deploymentSpec.executors.exec-train']);
  });

  test('an importer is checked for its address, type and parameter', () => {
    const findings = findingsOf({
      'deploymentSpec.executors.exec-train': {
        importer: { artifactUri: { runtimeParameter: 'uri' } },
      },
    });

    expect(findings).toEqual([
      'E_SPEC deploymentSpec.executors.exec-train.importer',
      'E_PLACEHOLDER deploymentSpec.executors.exec-train.importer.artifactUri',
    ]);
  });

  test('an unknown field of an executor is refused with the nearest one', () => {
    const refusal = refusalOf(() =>
      readChanged({ 'deploymentSpec.executors.exec-train.container.imagee': 'x' }),
    );

    expect(refusal.code).toBe('E_SPEC');
    expect(refusal.hint).toBe('Did you mean "image"?');
    expect(refusal.details['path']).toBe(`${CONTAINER}.imagee`);
  });
});

describe('the platform spec', () => {
  const readWith = (second: string) =>
    readPipeline(`${JSON.stringify(sampleSpec())}\n---\n${second}`, 'two.yaml');
  const kubernetes = (config: string) =>
    `platforms:\n  kubernetes:\n    deploymentSpec:\n      executors:\n        exec-train: ${config}\n`;

  test('known Kubernetes settings are kept in normal form', () => {
    const { platform } = readWith(
      kubernetes('{secret_as_env: [{secretName: s, keyToEnv: [{secretKey: k, envVar: V}]}]}'),
    );

    expect(platform?.platforms?.['kubernetes']?.deploymentSpec?.executors?.['exec-train']).toEqual({
      secretAsEnv: [{ secretName: 's', keyToEnv: [{ secretKey: 'k', envVar: 'V' }] }],
    });
  });

  test('an empty second document is none', () => {
    expect(readWith('').platform).toBeUndefined();
  });

  test.each([
    ['another document', 'a: 1\n'],
    ['a pipeline', JSON.stringify(sampleSpec())],
    ['a list', '- a\n'],
    ['an unknown Kubernetes setting', kubernetes('{secretAsEnvv: []}')],
  ])('%s is refused', (_, second) => {
    expect(refusalOf(() => readWith(second)).code).toBe('E_PLATFORM');
  });

  test('a fault in it is found at its line', () => {
    const refusal = refusalOf(() => readWith(kubernetes('{secretAsEnvv: []}')));

    expect(refusal.where).toBe('two.yaml:7:22');
    expect(refusal.hint).toBe('Did you mean "secretAsEnv"?');
  });

  test('a third document is refused', () => {
    expect(refusalOf(() => readWith(`${kubernetes('{}')}---\na: 1\n`)).code).toBe('E_PLATFORM');
  });

  test('executors it names must exist, and its limits are not negative', () => {
    const unknown = refusalOf(() => readWith(kubernetes('{}').replace('exec-train', 'exec-x')));
    const negative = refusalOf(() => readWith(kubernetes('{activeDeadlineSeconds: "-1"}')));

    expect([unknown.code, negative.code]).toEqual(['E_UNKNOWN_EXECUTOR', 'E_RANGE']);
  });
});
