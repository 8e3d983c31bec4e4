import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { EVIDENCE_COMPONENT } from '../../../src/activities/evidence-component.js';

test('what measures models for the gate is the component that Python compiles', () => {
  const { components } = JSON.parse(readFileSync('python-tasks/components.json', 'utf8')) as {
    components: Record<string, { component: object; executor: { container: object } }>;
  };
  const { component, executor } = components['gate_evidence']!;

  expect(EVIDENCE_COMPONENT).toEqual({ component, container: executor.container });
});
