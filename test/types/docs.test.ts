import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { typeCheck } from './type-check.js';

const blocks = blocksOf('dsl');

function blocksOf(page: string): string[] {
  const text = readFileSync(new URL(`../../docs/${page}.md`, import.meta.url), 'utf8');
  return [...text.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map((match) => match[1]!);
}

// What the page's examples import beside the DSL.
const SAMPLES = `
import { component, double, integer, list, string } from 'anneal/dsl';
const container = { image: 'registry.example.com/site:1' };
export const publish = component({ name: 'publish', inputs: { site: string() }, container });
export const notify = component({
  name: 'notify', inputs: { text: string() }, outputs: { receipt: string() }, container,
});
export const measure = component({
  name: 'measure',
  inputs: { site: string(), share: double({ default: 1 }) },
  outputs: { visits: integer(), region: string() },
  container,
});
export const count = component({ name: 'count', inputs: { regions: list() }, container });
`;

describe('docs/dsl.md', () => {
  it('has code blocks that all compile', () => {
    const files = Object.fromEntries(blocks.map((block, index) => [`block-${index}.ts`, block]));
    const generated = `export * from '../../src/pipelines/components.generated.js';`;

    expect(blocks.length).toBeGreaterThan(4);
    expect(
      typeCheck({
        ...files,
        'sample-components.ts': SAMPLES,
        'components.generated.ts': generated,
      }),
    ).toEqual([]);
  });
});

describe('docs/client.md', () => {
  it('has code blocks that all compile', () => {
    const found = blocksOf('client');

    expect(found).toHaveLength(3);
    expect(
      typeCheck(Object.fromEntries(found.map((block, index) => [`client-${index}.ts`, block]))),
    ).toEqual([]);
  }, 240_000);
});
