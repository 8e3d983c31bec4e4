import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { evaluateCondition, selectParameter } from '../../../src/ir/expressions/index.js';
import type { JsonObject, JsonValue } from '../../../src/util/index.js';
import { refusalOf } from './sample-spec.js';

describe('conditions', () => {
  // The first rows are those of KFP's own backend/src/v2/expression/expression_test.go.
  test.each<[string, JsonObject, boolean]>([
    ["inputs.parameter_values['type']=='foo'", { type: 'foo' }, true],
    ["inputs.parameter_values['type']=='foo2'", { type: 'foo' }, false],
    ["inputs.parameter_values['num'] == 1", { num: 1 }, true],
    ["inputs.parameter_values['num'] == 1.0", { num: 1 }, true],
    ["int(inputs.parameter_values['num']) > 5 && true", { num: 6 }, true],
    ["!(int(inputs.parameter_values['num']) > 5)", { num: 6 }, false],
    ["inputs.parameter_values['num'] * 1.5 > 7.0", { num: 5 }, true],
    ["inputs.parameter_values['passed'] == true", { passed: true }, true],
    ["inputs.parameter_values['passed'] == true", { passed: false }, false],
    ["inputs.parameter_values['accuracy'] >= 0.85", { accuracy: 0.85 }, true],
    ["inputs.parameter_values['accuracy'] >= 0.85", { accuracy: 0.8499 }, false],
    ["inputs.parameter_values['list'][1] == 'b'", { list: ['a', 'b'] }, true],
    ["inputs.parameter_values['map'].a.b == 1.0", { map: { a: { b: 1 } } }, true],
    ["inputs.parameter_values['x'] == null", { x: null }, true],
    ["'x' in inputs.parameter_values", {}, false],
    ["parseJson(inputs.parameter_values['j'])['a'] == 1.0", { j: '{"a": 1}' }, true],
    ["inputs.parameter_values['s'] == ''", { s: '' }, true],
  ])('%s with %j is %j', (expression, parameters, expected) => {
    expect(evaluateCondition(expression, parameters)).toBe(expected);
  });

  test('the metadata of artifacts can be asked for', () => {
    const artifacts = { model: { artifacts: [{ metadata: { accuracy: 0.95 } }] } };
    const expression = "inputs.artifacts['model'].artifacts[0].metadata['accuracy']*100.0 > 90.0";

    expect(evaluateCondition(expression, {}, artifacts)).toBe(true);
  });

  test.each<[string, string, JsonObject]>([
    ['an absent parameter', "inputs.parameter_values['x'] == 1", {}],
    ['a name of Object.prototype', "inputs.parameter_values['constructor'] == 1", {}],
    ['the prototype itself', "inputs.parameter_values['__proto__'] == 1", {}],
    ['a division by zero', "1 / int(inputs.parameter_values['x']) == 1", { x: 0 }],
    ['a comparison of text and number', "inputs.parameter_values['x'] > 1", { x: 'a' }],
    ['a number instead of a boolean', "inputs.parameter_values['x'] + 1.0", { x: 1 }],
    ['text instead of a boolean', "inputs.parameter_values['x']", { x: 'true' }],
    ['JSON that is none', "parseJson(inputs.parameter_values['x']) == 1", { x: '{' }],
    ['a syntax error', '1 ==', {}],
  ])('%s is an error, never true or false', (_, expression, parameters) => {
    expect(refusalOf(() => evaluateCondition(expression, parameters)).code).toBe('E_CONDITION');
  });

  test('an error names the expression and the values it read, and no others', () => {
    const expression = "inputs.parameter_values['x'] > 1";

    const { message } = refusalOf(() => evaluateCondition(expression, { x: 'a', key: 'secret' }));

    expect(message).toContain(expression);
    expect(message).toContain('x = "a"');
    expect(message).not.toContain('secret');
  });

  test('an absent parameter is absorbed by || and && only', () => {
    const absent = "inputs.parameter_values['x'] == 1";

    expect(evaluateCondition(`${absent} || true`, {})).toBe(true);
    expect(evaluateCondition(`${absent} && false`, {})).toBe(false);
  });

  test('values are data: whatever text they hold, they equal themselves and nothing else', () => {
    const property = fc.property(fc.string({ unit: 'binary' }), fc.string(), (value, other) => {
      const parameters = { value, other };
      const equal = "inputs.parameter_values['value'] == inputs.parameter_values['other']";

      expect(evaluateCondition(equal, parameters)).toBe(value === other);
      expect(evaluateCondition("inputs.parameter_values['value'] == 'open'", parameters)).toBe(
        value === 'open',
      );
    });

    fc.assert(property, {
      examples: [
        ["' || true || '", ''],
        ['"', "'"],
        ['\\', '\n'],
      ],
    });
  });

  test('a value nested without end is an error, not a crash', () => {
    const nested = JSON.parse('['.repeat(100_000) + ']'.repeat(100_000)) as JsonValue;

    const refusal = refusalOf(() =>
      evaluateCondition("inputs.parameter_values['x'] == 1", { x: nested }),
    );

    expect(refusal.code).toBe('E_CONDITION');
  });
});

describe('selectors', () => {
  // The first rows are those of KFP's own expression_test.go.
  test.each<[string, JsonValue, JsonValue]>([
    ['string_value', 'Hello,World!', 'Hello,World!'],
    ['parseJson(string_value)[0]', '[1.1,1.2,1.3]', 1.1],
    ['string_value', null, ''],
    ['struct_value.a', { a: 'A' }, 'A'],
    ['struct_value.list', { list: [1, 'x', null] }, [1, 'x', null]],
    ['struct_value.nested', { nested: { a: 'A', b: 'B' } }, { a: 'A', b: 'B' }],
    ['struct_value.nested.b', { nested: { a: 'A', b: 'B' } }, 'B'],
    ['parseJson(string_value)["a"]', { a: 3 }, 3],
    ['parseJson(string_value)["a"]["b"]', '{"a": {"b": "10"}}', '10'],
    ['parseJson(string_value)', '[]', []],
    ['number_value + 1.0', 2, 3],
    ['bool_value', false, false],
    ['size(string_value)', 'abc', 3],
    ['string_value', 1e21, '1000000000000000000000'],
    ['string_value', 100, '100'],
  ])('%s of %j is %j', (expression, value, expected) => {
    expect(selectParameter(expression, value)).toEqual(expected);
  });

  test.each<[string, string, JsonValue]>([
    ['an absent key', 'parseJson(string_value)["b"]', '{"a": 1}'],
    ['text that is no JSON', 'parseJson(string_value)', 'invalidjson'],
    ['a field of another type', 'struct_value', 'Hello'],
    ['a result that JSON cannot hold', 'bytes(string_value)', 'Hello'],
    ['an integer beyond 2^53', '9007199254740993', ''],
    ['an unknown variable', 'value', 1],
  ])('%s is an error', (_, expression, value) => {
    expect(refusalOf(() => selectParameter(expression, value)).code).toBe('E_SELECTOR');
  });

  test('keys that are names of Object.prototype are keys like any other', () => {
    const value = JSON.parse('{"a": {"__proto__": 1, "constructor": 2}}') as JsonValue;

    expect(selectParameter('struct_value.a["constructor"]', value)).toBe(2);
    expect(Object.keys(selectParameter('struct_value.a', value) as object)).toEqual([
      '__proto__',
      'constructor',
    ]);
  });
});
