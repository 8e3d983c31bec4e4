import { plainJson, type JsonValue } from '../../util/index.js';
import type { ComponentInputsSpecJson, ComponentOutputsSpecJson } from '../spec.js';
import type { Fact } from './compare-facts.js';

/** What a pipeline or component takes and gives. @param word  `parameter` for a pipeline's, `input` for a task's */
export function interfaceFacts(
  word: 'parameter' | 'declared input',
  inputs: ComponentInputsSpecJson | undefined,
  outputs: ComponentOutputsSpecJson | undefined,
): [string, Fact][] {
  const given = word === 'parameter' ? 'output' : 'declared output';
  return [
    ...named(word, inputs?.parameters, withoutText),
    ...named(word === 'parameter' ? 'artifact' : word, inputs?.artifacts, withoutText),
    ...named(given, outputs?.parameters, withoutText),
    ...named(given, outputs?.artifacts, withoutText),
  ];
}

/** One fact for each entry of a map. */
export function named<Value extends object>(
  word: string,
  values: Readonly<Record<string, Value>> | undefined,
  shown: (value: Value) => JsonValue,
): [string, Fact][] {
  return Object.entries(values ?? {}).map(([name, value]) => [
    `${word} ${name}`,
    { value: shown(value) },
  ]);
}

/** A description changes nothing that runs. */
function withoutText(value: object): JsonValue {
  return plainJson({ ...value, description: undefined });
}
