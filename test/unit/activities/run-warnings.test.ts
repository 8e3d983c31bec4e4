import { expect, test } from 'vitest';
import { runWarnings } from '../../../src/activities/run-warnings.js';
import type { Pipeline } from '../../../src/ir/index.js';

function pipeline(rest: Partial<Pipeline>): Pipeline {
  return { spec: {}, deployment: { executors: {} }, warnings: [], ...rest };
}

test('a retry policy on a group of tasks is named: it has no effect', () => {
  const spec = {
    components: {
      'comp-group': {
        dag: {
          tasks: {
            step: { componentRef: { name: 'comp-step' }, retryPolicy: { maxRetryCount: 2 } },
          },
        },
      },
      'comp-step': { executorLabel: 'exec-step' },
    },
    root: {
      dag: {
        tasks: {
          group: { componentRef: { name: 'comp-group' }, retryPolicy: { maxRetryCount: 3 } },
        },
      },
    },
  };

  const warnings = runWarnings(pipeline({ spec }), {}, 'process');

  expect(warnings).toEqual([
    'group: a retry policy on a group of tasks has no effect; set it on the tasks within.',
  ]);
});

test("another author's deploy task is carried out by the deployer, and the run says so", () => {
  const executors = {
    'exec-deploy-model': { kind: 'deploy' },
    'exec-train': { kind: 'container' },
  } as const;
  const deployment = { executors: { 'exec-deploy-model': { container: { image: 'python:3.9' } } } };

  const warnings = runWarnings(pipeline({ deployment }), executors, 'process');

  expect(warnings).toEqual([
    "deploy-model: Anneal's deployer carries out this task; its own code does not run.",
  ]);
});

test('settings of the whole pipeline that only a cluster carries out are named, the workspace is not', () => {
  const pipelineConfig = { workspace: { size: '1Gi' }, resourceTtlOnCompletion: 60 };
  const platform = { platforms: { kubernetes: { pipelineConfig } } };

  const warnings = runWarnings(pipeline({ platform }), {}, 'process');

  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toContain('pipelineConfig.resourceTtlOnCompletion');
});
