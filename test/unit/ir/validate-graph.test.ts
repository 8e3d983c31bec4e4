import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../src/util/index.js';
import { findingsOf, readChanged, refusalOf, type Change } from './sample-spec.js';

const TRAIN = 'root.dag.tasks.train';

describe('the graph of a pipeline', () => {
  test('the sample itself is valid', () => {
    expect(readChanged({}).warnings).toEqual([]);
  });

  test('a circle of tasks is printed as a loop', () => {
    const refusal = refusalOf(() =>
      readChanged({ 'root.dag.tasks.prepare.dependentTasks': ['train'] }),
    );

    expect(refusal.code).toBe('E_CYCLE');
    expect(refusal.message).toContain('prepare -> train -> prepare');
  });

  test('a circle is found through inputs alone', () => {
    const findings = findingsOf({
      'components.comp-prepare.inputDefinitions.artifacts': {
        old: { artifactType: { schemaTitle: 'system.Model' } },
      },
      'root.dag.tasks.train.dependentTasks': undefined,
      'root.dag.tasks.prepare.inputs.artifacts': {
        old: { taskOutputArtifact: { producerTask: 'train', outputArtifactKey: 'model' } },
      },
    });

    expect(findings).toEqual(['E_CYCLE root.dag.tasks.prepare']);
  });

  test('a task may not wait for itself', () => {
    const findings = findingsOf({ 'root.dag.tasks.train.dependentTasks': ['train'] });

    expect(findings).toEqual([`E_CYCLE ${TRAIN}`]);
  });

  test('an unknown upstream task is refused with the nearest name', () => {
    const refusal = refusalOf(() =>
      readChanged({ 'root.dag.tasks.train.dependentTasks': ['preparr'] }),
    );

    expect(refusal.code).toBe('E_UNKNOWN_TASK');
    expect(refusal.hint).toBe('Did you mean "prepare"?');
    expect(refusal.details['path']).toBe(`${TRAIN}.dependentTasks[0]`);
  });

  test('an unknown producer is refused where it is named', () => {
    const findings = findingsOf({
      'root.dag.tasks.train.inputs.parameters.count.taskOutputParameter.producerTask': 'nobody',
    });

    expect(findings).toEqual([
      `E_UNKNOWN_TASK ${TRAIN}.inputs.parameters.count.taskOutputParameter.producerTask`,
    ]);
  });

  test('an output that the producer does not declare is refused', () => {
    const findings = findingsOf({
      'root.dag.tasks.train.inputs.parameters.count.taskOutputParameter.outputParameterKey':
        'cuont',
    });

    expect(findings).toEqual([
      `E_UNKNOWN_OUTPUT ${TRAIN}.inputs.parameters.count.taskOutputParameter.outputParameterKey`,
    ]);
  });

  test('a missing component is one finding', () => {
    const findings = findingsOf({ 'root.dag.tasks.train.componentRef.name': 'comp-x' });

    expect(findings).toEqual([`E_UNKNOWN_COMPONENT ${TRAIN}.componentRef.name`]);
  });

  test('a missing executor is refused at the label', () => {
    const findings = findingsOf({ 'components.comp-train.executorLabel': 'exec-trian' });

    expect(findings).toEqual(['E_UNKNOWN_EXECUTOR components.comp-train.executorLabel']);
  });

  test('components that contain each other are refused', () => {
    const findings = findingsOf({
      'components.comp-train.executorLabel': undefined,
      'components.comp-train.outputDefinitions': {},
      'components.comp-train.dag': { tasks: { again: { componentRef: { name: 'comp-train' } } } },
    });

    expect(findings).toContain('E_CYCLE components.comp-train');
  });

  test('loops nested 20 deep are refused', () => {
    const findings = findingsOf(nestedLoops(20));

    expect(findings).toEqual(['E_LOOP_LIMIT root']);
  });

  test('sub-pipelines that double at every level are refused, quickly', () => {
    const startedAt = performance.now();

    const findings = findingsOf(doublingDags(30));

    expect(findings).toEqual(['E_LOOP_LIMIT root']);
    expect(performance.now() - startedAt).toBeLessThan(5_000);
  });

  test('a chain of 5,000 components does not overflow the stack', () => {
    const findings = findingsOf(doublingDags(5_000));

    expect(findings).toContain('E_LOOP_LIMIT root');
  });

  test('every finding is reported, in the order of the spec', () => {
    const findings = findingsOf({
      'components.comp-train.executorLabel': 'exec-x',
      'root.dag.tasks.train.dependentTasks': ['nobody'],
    });

    expect(findings).toEqual([
      `E_UNKNOWN_TASK ${TRAIN}.dependentTasks[0]`,
      'E_UNKNOWN_EXECUTOR components.comp-train.executorLabel',
    ]);
  });

  test('no more than 20 findings are listed, but all are counted', () => {
    const refusal = refusalOf(() =>
      readChanged({
        'root.dag.tasks.train.dependentTasks': Array.from(
          { length: 50 },
          (_, index) => `no-${index}`,
        ),
      }),
    );

    expect(refusal.details['errors']).toHaveLength(20);
    expect(refusal.details['total']).toBe(50);
  });

  test('a root without a DAG is refused', () => {
    expect(findingsOf({ root: {} })).toEqual(['E_SPEC root']);
  });
});

/** @param depth  loops within each other */
function nestedLoops(depth: number): Change {
  const loop = (name: string) => ({
    componentRef: { name },
    parameterIterator: { items: { raw: '["a"]' }, itemInput: 'path' },
  });
  const levels: [string, JsonObject][] = Array.from({ length: depth - 1 }, (_, level) => [
    `components.comp-loop-${level + 1}`,
    {
      inputDefinitions: { parameters: { path: { parameterType: 'STRING' } } },
      dag: { tasks: { inner: loop(level === 0 ? 'comp-prepare' : `comp-loop-${level}`) } },
    },
  ]);
  const root = { dag: { tasks: { outer: loop(`comp-loop-${depth - 1}`) } } };
  return { ...Object.fromEntries(levels), root };
}

/** @param depth  sub-pipelines within each other, each used twice */
function doublingDags(depth: number): Change {
  const twice = (name: string) => ({
    dag: { tasks: { left: { componentRef: { name } }, right: { componentRef: { name } } } },
  });
  const levels: [string, JsonObject][] = Array.from({ length: depth }, (_, level) => [
    `comp-${level}`,
    twice(`comp-${level + 1}`),
  ]);
  const innermost = { executorLabel: 'exec-train' };
  const components = { ...Object.fromEntries(levels), [`comp-${depth}`]: innermost };
  return { components, root: twice('comp-0') };
}
