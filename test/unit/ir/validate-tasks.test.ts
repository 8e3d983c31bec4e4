import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../src/util/index.js';
import { findingsOf, PREPARE_TASK, readChanged, refusalOf, type Change } from './sample-spec.js';

const PREPARE = 'root.dag.tasks.prepare';
const INPUTS = 'components.comp-prepare.inputDefinitions.parameters';

describe('loops', () => {
  const loopOver = (items: JsonObject, itemInput = 'path'): Change => ({
    [`${PREPARE}.parameterIterator`]: { items, itemInput },
    ...('raw' in items && { [`${PREPARE}.inputs`]: undefined }),
  });
  const overInput = (type: string): Change => ({
    ...loopOver({ inputParameter: 'paths' }),
    [`${INPUTS}.paths`]: { parameterType: type },
    'root.inputDefinitions.parameters.paths': { parameterType: type },
    [`${PREPARE}.inputs.parameters`]: { paths: { componentInputParameter: 'paths' } },
  });

  test('a loop over constants, a list, or JSON text gives its item to an input', () => {
    const pipelines = [loopOver({ raw: '["a", "b"]' }), overInput('LIST'), overInput('STRING')].map(
      readChanged,
    );

    expect(pipelines.flatMap(({ warnings }) => warnings)).toEqual([]);
  });

  test('an empty list is no fault', () => {
    expect(readChanged(loopOver({ raw: '[]' })).warnings).toEqual([]);
  });

  test.each([
    ['no JSON', '["a"'],
    ['no list', '{"a": 1}'],
    ['over 100,000 items', JSON.stringify(Array(100_001).fill(1))],
  ])('constant items are refused: %s', (_, raw) => {
    expect(findingsOf(loopOver({ raw }))).toEqual([
      `E_LOOP_LIMIT ${PREPARE}.parameterIterator.items.raw`,
    ]);
  });

  test('constant items must fit the input they go to', () => {
    const findings = findingsOf({
      ...loopOver({ raw: '[1, "two"]' }),
      [`${INPUTS}.path.parameterType`]: 'NUMBER_INTEGER',
    });

    expect(findings).toEqual([`E_TYPE ${PREPARE}.parameterIterator.items.raw`]);
  });

  test('a loop over a number is refused', () => {
    expect(findingsOf(overInput('NUMBER_INTEGER'))).toEqual([
      `E_LOOP_LIMIT ${PREPARE}.parameterIterator.items.inputParameter`,
    ]);
  });

  test('items and item must be inputs of the component', () => {
    const findings = findingsOf(loopOver({ inputParameter: 'no' }, 'item'));

    expect(findings).toEqual([
      `E_UNKNOWN_INPUT ${PREPARE}.parameterIterator.itemInput`,
      `E_UNKNOWN_INPUT ${PREPARE}.parameterIterator.items.inputParameter`,
    ]);
  });

  test('a task has one iterator at most', () => {
    const findings = findingsOf({
      ...loopOver({ raw: '[]' }),
      [`${PREPARE}.artifactIterator`]: { itemInput: 'x' },
    });

    expect(findings).toEqual([`E_SPEC ${PREPARE}`]);
  });

  test('a loop over a single artifact is refused', () => {
    const findings = findingsOf({
      'root.dag.tasks.train.artifactIterator': {
        items: { inputArtifact: 'rows' },
        itemInput: 'rows',
      },
    });

    expect(findings).toEqual([
      'E_LOOP_LIMIT root.dag.tasks.train.artifactIterator.items.inputArtifact',
    ]);
  });

  test('parallelism may be 0, for no limit, but not negative', () => {
    const unlimited = readChanged({
      'root.dag.tasks.prepare.iteratorPolicy': { parallelismLimit: 0 },
    });
    const negative = findingsOf({
      'root.dag.tasks.prepare.iteratorPolicy': { parallelismLimit: -1 },
    });

    expect(unlimited.warnings).toEqual([]);
    expect(negative).toEqual([`E_RANGE ${PREPARE}.iteratorPolicy.parallelismLimit`]);
  });
});

describe('retries', () => {
  const retry = (retryPolicy: JsonObject) => ({ [`${PREPARE}.retryPolicy`]: retryPolicy });

  test('a usual policy is accepted, unset fields included', () => {
    const policies: JsonObject[] = [
      { maxRetryCount: 3, backoffDuration: '30s', backoffFactor: 2, backoffMaxDuration: '3600s' },
      { maxRetryCount: 0 },
      {},
    ];

    expect(policies.map((policy) => readChanged(retry(policy)).warnings)).toEqual([[], [], []]);
  });

  test.each([
    ['maxRetryCount', -1],
    ['maxRetryCount', 1e9],
    ['backoffDuration', '-1s'],
    ['backoffDuration', '9999999s'],
    ['backoffMaxDuration', '-0.5s'],
    ['backoffFactor', -2],
    ['backoffFactor', 'NaN'],
  ])('%s of %s is out of range', (field, value) => {
    expect(findingsOf(retry({ [field]: value }))).toEqual([
      `E_RANGE ${PREPARE}.retryPolicy.${field}`,
    ]);
  });

  test('a duration that is none is refused', () => {
    expect(findingsOf(retry({ backoffDuration: 'soon' }))).toEqual([
      `E_SPEC ${PREPARE}.retryPolicy.backoffDuration`,
    ]);
  });
});

describe('conditions', () => {
  const when = (condition: string) => ({ 'root.dag.tasks.train.triggerPolicy': { condition } });

  test('a condition over the parameters of the task is accepted', () => {
    const condition = "int(inputs.parameter_values['count']) > 5 && !(1 in [1, 2].map(n, n * 2))";

    expect(readChanged(when(condition)).warnings).toEqual([]);
  });

  test.each([
    ['a syntax error', "inputs.parameter_values['count'] == ", 34],
    ['a call into the host', 'process.exit()', 1],
    ['an unknown variable', "input.parameter_values['count'] == 1", 1],
    ['an unknown function', 'inputs == launch(1)', 11],
    ['an unknown parameter', "1 == 1 && inputs.parameter_values['cuont'] == 1", 34],
  ])('%s is refused at its column', (_, condition, column) => {
    const refusal = refusalOf(() => readChanged(when(condition)));

    expect(refusal.code).toBe('E_CONDITION');
    expect(refusal.message).toContain(`at column ${column}:`);
  });

  test.each([
    ['a division by zero', '1 / 0 == 1'],
    ['a number', '1 + 1'],
    ['1 MB of text', `"${'a'.repeat(1_000_000)}" == "b"`],
    ['parentheses without end', `${'('.repeat(9_000)}1${')'.repeat(9_000)} == 1`],
  ])('%s is refused', (_, condition) => {
    expect(findingsOf(when(condition))).toEqual([
      'E_CONDITION root.dag.tasks.train.triggerPolicy.condition',
    ]);
  });

  test('an unknown trigger strategy is refused', () => {
    const findings = findingsOf({ 'root.dag.tasks.train.triggerPolicy': { strategy: 'WHENEVER' } });

    expect(findings).toEqual(['E_SPEC root.dag.tasks.train.triggerPolicy.strategy']);
  });
});

describe('names', () => {
  const withTasks = (...names: string[]): Change => ({
    'root.dag.tasks': Object.fromEntries(names.map((name) => [name, PREPARE_TASK])),
  });

  test.each([
    ['../../x'],
    ['a/b'],
    ['a\\b'],
    ['..'],
    ['.hidden'],
    [''],
    ['a'.repeat(129)],
    ['a'.repeat(300)],
    ['CON'],
    ['nul.txt'],
    ['ends.'],
    ['party-🎉'],
    ['tab\there'],
  ])('a task may not be called %j', (name) => {
    const { code, hint } = refusalOf(() => readChanged(withTasks(name)));

    expect(code).toBe('E_NAME');
    expect(hint).toContain('1 to 128');
  });

  test.each([['flip-coin-op'], ['Task_1'], ['a b'], ['v1.2'], ['_x'], ['a'.repeat(128)]])(
    'a task may be called %j',
    (name) => {
      expect(readChanged(withTasks(name)).warnings).toEqual([]);
    },
  );

  test('a name with NUL is refused before anything else', () => {
    expect(refusalOf(() => readChanged(withTasks('a\0b'))).code).toBe('E_NAME');
  });

  test('tasks whose names are equal once made safe collide', () => {
    const refusal = refusalOf(() => readChanged(withTasks('a b', 'a-b')));

    expect(refusal.code).toBe('E_NAME_COLLISION');
    expect(refusal.message).toContain('"a b" and "a-b"');
  });

  test('parameters may have the names of Object.prototype and letters of any script', () => {
    const text = { parameterType: 'STRING', defaultValue: '' };

    const pipeline = readChanged({
      'root.inputDefinitions.parameters': {
        path: text,
        constructor: text,
        toString: text,
        größe: text,
        データ: text,
      },
    });

    expect(pipeline.warnings).toEqual([]);
  });

  test('__proto__ is no name, and leaves no trace', () => {
    const text = '{"pipelineInfo": {"__proto__": {"polluted": true}}}';

    expect(refusalOf(() => readChanged({ components: JSON.parse(text) as JsonObject })).code).toBe(
      'E_NAME',
    );
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  test('a pipeline without a name is refused', () => {
    expect(findingsOf({ pipelineInfo: undefined })).toEqual(['E_NAME pipelineInfo.name']);
  });

  test('an output may not be a parameter and an artifact at once', () => {
    const findings = findingsOf({
      'components.comp-prepare.outputDefinitions.parameters.rows': { parameterType: 'STRING' },
    });

    expect(findings).toEqual([
      'E_NAME_COLLISION components.comp-prepare.outputDefinitions.artifacts.rows',
    ]);
  });
});
