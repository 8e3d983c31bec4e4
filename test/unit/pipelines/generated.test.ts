import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { pipeline } from '../../../src/dsl/index.js';
import type { ValueTypes } from '../../../src/dsl/index.js';
import type { ComponentSpecJson } from '../../../src/ir/index.js';
import * as generated from '../../../src/pipelines/components.generated.js';

const project = fileURLToPath(new URL('../../../', import.meta.url));
const folder = mkdtempSync(path.join(tmpdir(), 'anneal-generated-'));

afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Compiled {
  readonly component: ComponentSpecJson;
  readonly executor: object;
}

const { components } = JSON.parse(
  readFileSync(path.join(project, 'python-tasks/components.json'), 'utf8'),
) as { components: Record<string, Compiled> };

/** A pipeline of one component, which takes all its inputs from the pipeline's own. */
function compileAlone(name: string) {
  const component = Object.values(generated).find(({ definition }) => definition.name === name)!;
  const place = component as unknown as (inputs: unknown) => void;
  const inputs = component.definition.inputs as ValueTypes;
  return pipeline({ name: 'alone', inputs }, (inputs) => {
    place(inputs);
  }).compile();
}

describe('the generated components', () => {
  it('are what the Python components compile to now (else: npm run generate:components)', () => {
    execFileSync('node', [path.join(project, 'bin/generate-components.mjs'), folder]);

    for (const file of ['components.generated.ts', 'parameter-rules.generated.ts']) {
      const fresh = readFileSync(path.join(folder, file), 'utf8');
      expect(readFileSync(path.join(project, 'src/pipelines', file), 'utf8'), file).toBe(fresh);
    }
  });

  it.each(Object.entries(components))(
    'compile %s to the interface and executor that KFP compiles',
    (name, { component, executor }) => {
      const { spec, deployment } = compileAlone(name);

      const [compiled] = Object.values(spec.components!);
      const { executorLabel, ...interfaceJson } = compiled!;
      expect(interfaceJson).toEqual(component);
      expect(deployment.executors[executorLabel!]).toEqual(executor);
    },
  );
});
