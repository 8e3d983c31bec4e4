import { describe, expect, test } from 'vitest';
import { codeDigest } from '../../../src/lineage/index.js';
import { plainSource } from '../../../src/lineage/plain-source.js';

const component = (description?: string) => ({
  executorLabel: 'exec-a',
  inputDefinitions: {
    parameters: { description: { parameterType: 'STRING' as const, description } },
  },
});
const executor = (source: string, args = ['--function_to_execute', 'a']) => ({
  container: { image: 'python:3.11', command: ['sh', '-c', source], args },
});

describe('code', () => {
  test('is the same whatever its descriptions and comments say', () => {
    const before = codeDigest(component('old'), executor('def a():\n    return 1\n'));

    const after = codeDigest(
      component('new'),
      executor('# why\ndef a():\n\n    return 1  # one\n'),
    );

    expect(after).toBe(before);
  });

  test('is another when an input called description goes', () => {
    const bare = { executorLabel: 'exec-a', inputDefinitions: { parameters: {} } };

    expect(codeDigest(bare, executor('x'))).not.toBe(codeDigest(component(), executor('x')));
  });

  test('of a plain command is taken as it is', () => {
    const before = codeDigest(component(), executor('echo 1', ['x']));

    expect(codeDigest(component(), executor('echo 1 # 2', ['x']))).not.toBe(before);
  });
});

describe('a source without comments', () => {
  test.each([
    ['a = 1  # one\n', 'a = 1\n'],
    ["a = '#'  # hash\n", "a = '#'\n"],
    ['a = """\n# kept\n\n"""\n', 'a = """\n# kept\n\n"""\n'],
    ["a = 'it\\'s #1'\n", "a = 'it\\'s #1'\n"],
    ["a = r'\\'  # x'\n", "a = r'\\'  # x'\n"],
    ['\n\na\n   \nb', 'a\nb\n'],
  ])('%j becomes %j', (source, plain) => {
    expect(plainSource(source)).toBe(plain);
  });

  test.each(['a = f"{x["#"]}"  # c\n', "a = 'never ends # x\nb\n", 'a = """ no end # x'])(
    'P1: %j, which is not clear, is left as it is',
    (source) => {
      expect(plainSource(source)).toBe(source);
    },
  );
});
