import { expect, test } from 'vitest';
import { cacheKeyOf, componentDigest, type CacheKeyParts } from '../../../src/lineage/index.js';
import { sha256Of } from '../../../src/storage/index.js';

const dataset = {
  name: 'train_data',
  type: 'system.Dataset',
  schemaVersion: '0.0.1',
  uri: 'file:///store/runs/a/train_data',
  digest: sha256Of('rows'),
  sizeBytes: 4,
  metadata: { rows: 1 },
};
const parts: CacheKeyParts = {
  componentDigest: sha256Of('component'),
  environmentDigest: sha256Of('environment'),
  inputs: { parameters: { depth: 10, trees: 100 }, artifacts: { data: [dataset] } },
  outputDefinitions: { artifacts: { model: { artifactType: { schemaTitle: 'system.Model' } } } },
};
const withDataset = (change: object): CacheKeyParts => ({
  ...parts,
  inputs: { ...parts.inputs, artifacts: { data: [{ ...dataset, ...change }] } },
});

test('the key does not depend on the order of names, nor on where bytes are stored', () => {
  const reordered = {
    ...withDataset({ uri: 'file:///store/runs/b/train_data', sizeBytes: undefined }),
    outputDefinitions: parts.outputDefinitions,
  };
  const inputs = { ...reordered.inputs, parameters: { trees: 100, depth: 10 } };

  expect(cacheKeyOf({ ...reordered, inputs })).toEqual(cacheKeyOf(parts));
});

test.each<[string, CacheKeyParts]>([
  ['the code', { ...parts, componentDigest: sha256Of('other') }],
  ['the environment', { ...parts, environmentDigest: sha256Of('other') }],
  ['a parameter', { ...parts, inputs: { ...parts.inputs, parameters: { depth: 10, trees: 101 } } }],
  [
    'a parameter’s type',
    { ...parts, inputs: { ...parts.inputs, parameters: { depth: '10', trees: 100 } } },
  ],
  ['an absent parameter', { ...parts, inputs: { ...parts.inputs, parameters: { depth: 10 } } }],
  ['the bytes of an input', withDataset({ digest: sha256Of('other rows') })],
  ['the type of an input', withDataset({ type: 'system.Artifact' })],
  ['the metadata of an input', withDataset({ metadata: { rows: 2 } })],
  [
    'the input an artifact is wired to',
    { ...parts, inputs: { ...parts.inputs, artifacts: { other: [dataset] } } },
  ],
  [
    'the number of artifacts',
    { ...parts, inputs: { ...parts.inputs, artifacts: { data: [dataset, dataset] } } },
  ],
  ['the outputs', { ...parts, outputDefinitions: {} }],
])('changing %s changes the key', (_, changed) => {
  expect(cacheKeyOf(changed)).not.toEqual(cacheKeyOf(parts));
});

test('an input whose content is unknown makes the task uncacheable, and says which', () => {
  expect(cacheKeyOf(withDataset({ digest: undefined }))).toEqual({
    cacheable: false,
    reason: 'the content of its input "data" is not known to the store',
  });
});

test('a component’s digest ignores the label of its executor, not its code', () => {
  const executor = { container: { image: 'python:3.11', command: ['python'] } };
  const digest = componentDigest({ executorLabel: 'exec-train' }, executor);

  expect(componentDigest({ executorLabel: 'exec-train-2' }, executor)).toBe(digest);
  expect(componentDigest({}, { container: { image: 'python:3.12' } })).not.toBe(digest);
});
