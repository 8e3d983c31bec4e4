import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { typeCheck } from './type-check.js';

const HEADER = `import { Dataset, importer, pipeline, string } from 'anneal/dsl';
import { fit, prepare, publish } from './sample-components.js';
const raw = importer({ uri: 'raw.csv', type: Dataset }).outputs.artifact;
const prepared = prepare({ raw }).outputs;
const fitted = fit({ train_data: prepared.train_data, trees: 1 }).outputs;
export { pipeline, publish, string, raw, prepared, fitted };
`;

// Wrong code, and what the editor says about it.
const WRONG: Readonly<Record<string, readonly [code: string, message: RegExp]>> = {
  'a Dataset where a Model goes': [
    `publish({ model: prepared.train_data, title: 'x' });`,
    /Type 'ArtifactReference<"system.Dataset">' is not assignable to type 'ArtifactReference<.*"system.Model".*>'/,
  ],
  'a string where a Dataset goes': [
    `prepare({ raw: 'raw.csv' });`,
    /Type 'string' is not assignable to type 'ArtifactReference<.*"system.Dataset".*>'/,
  ],
  'a missing input': [
    `fit({ train_data: prepared.train_data });`,
    /Property 'trees' is missing in type/,
  ],
  'an unknown input': [
    `fit({ train_data: prepared.train_data, trees: 1, tree: 2 });`,
    /'tree' does not exist in type/,
  ],
  'an output that does not exist': [
    `publish({ model: fitted.modell, title: 'x' });`,
    /Property 'modell' does not exist on type/,
  ],
  'a string output where a number goes': [
    `fit({ train_data: prepared.train_data, trees: prepared.label });`,
    /Type 'ParameterReference<"string">' is not assignable to type 'ParameterReference<"integer">'/,
  ],
};

const diagnostics = typeCheck(
  Object.fromEntries(
    Object.entries(WRONG).map(([title, [code]], index) => [
      `${index}.ts`,
      `${HEADER}// ${title}\n${code}\n`,
    ]),
  ),
);

describe('the editor', () => {
  it.each(Object.keys(WRONG))('says of %s what is wrong, once', (title) => {
    const index = Object.keys(WRONG).indexOf(title);
    const found = diagnostics.filter((line) => line.startsWith(`${index}.ts:`));

    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(WRONG[title]![1]);
  });

  it('finds nothing wrong with dsl.test.ts but what it expects', () => {
    const text = readFileSync(fileURLToPath(new URL('dsl.test.ts', import.meta.url)), 'utf8');

    expect(typeCheck({ 'dsl.test.ts': text })).toEqual([]);
  });
});
