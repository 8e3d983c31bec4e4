import { describe, expect, test } from 'vitest';
import {
  checkParameters,
  parseParameterText,
  type PipelineSpecJson,
} from '../../../src/ir/index.js';
import type { JsonObject, JsonValue } from '../../../src/util/index.js';
import { refusalOf } from './sample-spec.js';

const spec: PipelineSpecJson = {
  root: {
    inputDefinitions: {
      parameters: {
        data_path: { parameterType: 'STRING' },
        n_estimators: { parameterType: 'NUMBER_INTEGER', defaultValue: 100 },
        threshold: { parameterType: 'NUMBER_DOUBLE', defaultValue: 0.85 },
        verbose: { parameterType: 'BOOLEAN', defaultValue: false },
        columns: { parameterType: 'LIST', isOptional: true },
        config: { parameterType: 'STRUCT', isOptional: true },
        size: { parameterType: 'STRING', isOptional: true, literals: ['small', 'large'] },
      },
    },
  },
};
const given = { data_path: 'rows.csv' };
const check = (values: JsonObject) => checkParameters(spec, { ...given, ...values });

describe('parameters of a run', () => {
  test('defaults are filled in, and optional ones stay absent', () => {
    expect(checkParameters(spec, given)).toEqual({
      data_path: 'rows.csv',
      n_estimators: 100,
      threshold: 0.85,
      verbose: false,
    });
  });

  test('a null for an optional one is kept apart from absent', () => {
    expect(check({ columns: null })).toHaveProperty('columns', null);
  });

  test('undefined is absent', () => {
    expect(check({ threshold: undefined as never })).toHaveProperty('threshold', 0.85);
  });

  test('an unknown one is refused with the nearest name', () => {
    const refusal = refusalOf(() => check({ n_estimator: 5 }));

    expect([refusal.code, refusal.exitCode, refusal.where]).toEqual(['E_PARAM', 3, 'n_estimator']);
    expect(refusal.hint).toBe('Did you mean "n_estimators"?');
  });

  test('a missing one is refused with the flag that gives it', () => {
    const refusal = refusalOf(() => checkParameters(spec, {}));

    expect(refusal.code).toBe('E_PARAM');
    expect(refusal.hint).toContain('--param data_path=');
  });

  test('all faults are listed', () => {
    const { details } = refusalOf(() => checkParameters(spec, { verbose: 1, nope: 1 }));

    expect((details['errors'] as { name: string }[]).map(({ name }) => name)).toEqual([
      'nope',
      'data_path',
      'verbose',
    ]);
  });

  test.each<[string, JsonObject]>([
    ['a fraction for an integer', { n_estimators: 1.5 }],
    ['text for an integer', { n_estimators: '5' }],
    ['a boolean for an integer', { n_estimators: true }],
    ['null for a required type', { n_estimators: null }],
    ['2^53 + 1', { n_estimators: 2 ** 53 }],
    ['NaN', { threshold: NaN }],
    ['Infinity', { threshold: Infinity }],
    ['NaN inside a list', { columns: [1, [NaN]] }],
    ['a number for text', { data_path: 5 }],
    ['text with NUL', { data_path: 'a\0b' }],
    ['NUL in a key', { config: { 'a\0': 1 } }],
    ['an object for a list', { columns: {} }],
    ['a list for an object', { config: [] }],
    ['a value that is no literal', { size: 'medium' }],
  ])('%s is refused', (_, values) => {
    expect(refusalOf(() => check(values)).code).toBe('E_PARAM');
  });

  test('NaN is shown as such', () => {
    expect(refusalOf(() => check({ threshold: NaN })).message).toContain(
      'is NaN; expected a finite',
    );
  });

  test('nesting without end is refused, not a crash', () => {
    const nested = JSON.parse('['.repeat(100_000) + ']'.repeat(100_000)) as JsonValue;

    expect(refusalOf(() => check({ columns: nested })).code).toBe('E_PARAM');
  });

  test.each(['__proto__', 'constructor', 'toString'])('%s is an unknown name', (name) => {
    const values = JSON.parse(`{"data_path": "a", "${name}": {"polluted": 1}}`) as JsonObject;

    expect(refusalOf(() => checkParameters(spec, values)).code).toBe('E_PARAM');
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });

  test('__proto__ inside a struct is data', () => {
    const config = JSON.parse('{"__proto__": {"polluted": 1}}') as JsonObject;

    const { config: kept } = check({ config }) as { config: object };

    expect(JSON.stringify(kept)).toBe('{"__proto__":{"polluted":1}}');
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });

  test.each([['--flag'], ['$(x)'], ['a\r\nb'], ['\uD800'], ['"quoted"']])(
    'text passes byte for byte: %j',
    (text) => {
      expect(check({ data_path: text })).toHaveProperty('data_path', text);
    },
  );

  test('over 1 MiB in all is refused, counted in UTF-8', () => {
    expect(check({ data_path: 'a'.repeat(1_000_000) })).toBeTruthy();
    expect(refusalOf(() => check({ data_path: 'a'.repeat(3_000_000) })).code).toBe('E_PARAM_SIZE');
    expect(refusalOf(() => check({ data_path: 'ä'.repeat(600_000) })).code).toBe('E_PARAM_SIZE');
  });

  test('10,000 unknown ones are refused', () => {
    const many = Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`p${index}`, 1]));

    expect(refusalOf(() => check(many)).details['total']).toBe(10_000);
  });

  test('-0 becomes 0, as it would on its way through JSON', () => {
    expect(Object.is((check({ threshold: -0 }) as { threshold: number }).threshold, 0)).toBe(true);
  });
});

describe('parameters from text', () => {
  test.each<[string, string, JsonValue]>([
    ['data_path', '007', '007'],
    ['data_path', '', ''],
    ['n_estimators', '200', 200],
    ['n_estimators', '-5', -5],
    ['threshold', '0.9', 0.9],
    ['threshold', '1e-3', 0.001],
    ['threshold', '1', 1],
    ['verbose', 'true', true],
    ['verbose', 'False', false],
    ['columns', '["a", 1]', ['a', 1]],
    ['config', '{"a": null}', { a: null }],
  ])('%s=%s is %j', (name, text, expected) => {
    expect(parseParameterText(spec, name, text)).toEqual(expected);
  });

  test.each([
    ['n_estimators', 'abc'],
    ['n_estimators', '1.5'],
    ['n_estimators', 'true'],
    ['n_estimators', '1e3'],
    ['n_estimators', ''],
    ['n_estimators', '9007199254740993'],
    ['threshold', 'NaN'],
    ['threshold', 'Infinity'],
    ['threshold', '1e400'],
    ['threshold', '0x10'],
    ['threshold', ''],
    ['verbose', 'yes'],
    ['columns', '{"a": 1}'],
    ['columns', 'a,b'],
    ['config', '[1]'],
  ])('%s=%s is refused', (name, text) => {
    expect(refusalOf(() => parseParameterText(spec, name, text)).code).toBe('E_PARAM');
  });

  test('the message says what was expected', () => {
    const { message } = refusalOf(() => parseParameterText(spec, 'n_estimators', 'abc'));

    expect(message).toContain('"n_estimators" is "abc"; expected int');
  });

  test('an unknown name is refused with the nearest one', () => {
    const refusal = refusalOf(() => parseParameterText(spec, 'treshold', '1'));

    expect(refusal.hint).toBe('Did you mean "threshold"?');
  });
});
