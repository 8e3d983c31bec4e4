import { describe, expect, test } from 'vitest';
import { knownPlatform } from '../../../src/activities/known-platform.js';
import type { Pipeline, PipelineTaskSpecJson } from '../../../src/ir/index.js';

const use: PipelineTaskSpecJson = { componentRef: { name: 'use' } };

/** A secret whose name comes from the input `name` of the DAG around the task. */
function pipeline(tasks: Record<string, PipelineTaskSpecJson>): Pipeline {
  return {
    spec: {
      root: { dag: { tasks } },
      components: {
        use: { executorLabel: 'exec-use' },
        loop: { dag: { tasks: { use } } },
      },
    },
    deployment: { executors: { 'exec-use': {} } },
    platform: {
      platforms: {
        kubernetes: {
          deploymentSpec: {
            executors: {
              'exec-use': {
                secretAsEnv: [
                  {
                    keyToEnv: [{ secretKey: 'k', envVar: 'V' }],
                    secretNameParameter: { componentInputParameter: 'name' },
                  },
                ],
                emptyDirMounts: [{ volumeName: 'cache', mountPath: '/cache' }],
              },
            },
          },
        },
      },
    },
    warnings: [],
  };
}

const namesIn = (tasks: Record<string, PipelineTaskSpecJson>) =>
  knownPlatform(pipeline(tasks), 'exec-use', { name: 'a', other: 'b' }).map(({ variables }) =>
    variables.map(({ name }) => name),
  );

describe('names known before a run', () => {
  test("a parameter of the run names a root task's secret", () => {
    expect(namesIn({ use })).toEqual([['a']]);
  });

  test('a parameter handed down into a loop is known there', () => {
    const loop = {
      componentRef: { name: 'loop' },
      inputs: { parameters: { name: { componentInputParameter: 'other' } } },
    };

    expect(namesIn({ loop })).toEqual([['b']]);
  });

  test("another task's output is not known", () => {
    const taskOutputParameter = { producerTask: 'make', outputParameterKey: 'name' };
    const loop = {
      componentRef: { name: 'loop' },
      inputs: { parameters: { name: { taskOutputParameter } } },
    };

    expect(namesIn({ loop })).toEqual([[]]);
  });

  test('names of a branch that may not be taken are left to its task, mounts are not', () => {
    const branch = { ...use, triggerPolicy: { condition: "inputs.parameter_values['x'] == 1" } };

    const [settings] = knownPlatform(pipeline({ branch }), 'exec-use', { name: 'a' });

    expect(settings?.variables).toEqual([]);
    expect(settings?.mounts).toHaveLength(1);
  });
});
