import { describe, expect, test } from 'vitest';
import { mlflowKey, mlflowParam, mlflowTag } from '../../../../src/events/mlflow/mlflow-names.js';

describe('a name for MLflow', () => {
  test.each(['train.test accuracy', 'for-loop-1/2/train.f1:macro', 'a_b-c'])(
    'is kept where MLflow knows it: %s',
    (name) => {
      expect(mlflowKey(name)).toBe(name);
    },
  );

  test('has no character that MLflow refuses, and two names stay two', () => {
    const [first, second] = [mlflowKey('recall@5'), mlflowKey('recall#5')];

    expect(first).toMatch(/^recall_5-[0-9a-f]{8}$/);
    expect(first).not.toBe(second);
  });

  test('is no longer than 250 characters', () => {
    expect(mlflowKey('x'.repeat(400))).toHaveLength(250);
    expect(mlflowKey(`${'x'.repeat(400)}1`)).not.toBe(mlflowKey(`${'x'.repeat(400)}2`));
  });
});

test('a value is text as it is, or JSON, within MLflow’s limit', () => {
  expect(mlflowParam('plain')).toBe('plain');
  expect(mlflowParam({ a: [1, true] })).toBe('{"a":[1,true]}');
  expect(mlflowParam('x'.repeat(7000))).toHaveLength(6000);
  expect(mlflowTag('x'.repeat(7000))).toHaveLength(5000);
});
