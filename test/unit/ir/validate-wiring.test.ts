import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../src/util/index.js';
import { findingsOf, readChanged, refusalOf } from './sample-spec.js';

const TRAIN = 'root.dag.tasks.train';

describe('parameters of a task', () => {
  test('a required input without a value is refused', () => {
    const refusal = refusalOf(() =>
      readChanged({ 'root.dag.tasks.train.inputs.parameters': undefined }),
    );

    expect(refusal.code).toBe('E_MISSING_INPUT');
    expect(refusal.message).toBe(
      'Task "train" gets no value for its input "count" (NUMBER_INTEGER).',
    );
  });

  test('a null default is a default', () => {
    const pipeline = readChanged({
      'components.comp-train.inputDefinitions.parameters.count.defaultValue': null,
      'root.dag.tasks.train.inputs.parameters': undefined,
    });

    expect(
      pipeline.spec.components?.['comp-train']?.inputDefinitions?.parameters?.['count'],
    ).toEqual({ parameterType: 'NUMBER_INTEGER', defaultValue: null });
  });

  test('text wired to an integer is refused with both types', () => {
    const refusal = refusalOf(() =>
      readChanged({
        'components.comp-prepare.outputDefinitions.parameters.count.parameterType': 'STRING',
      }),
    );

    expect(refusal.code).toBe('E_TYPE');
    expect(refusal.message).toContain('is STRING; NUMBER_INTEGER is wanted');
  });

  test('an integer may be passed where a double is wanted, not the reverse', () => {
    const widened = readChanged({
      'components.comp-train.inputDefinitions.parameters.count.parameterType': 'NUMBER_DOUBLE',
    });
    const narrowed = findingsOf({
      'components.comp-prepare.outputDefinitions.parameters.count.parameterType': 'NUMBER_DOUBLE',
    });

    expect(widened.warnings).toEqual([]);
    expect(narrowed).toEqual([`E_TYPE ${TRAIN}.inputs.parameters.count`]);
  });

  test.each([
    ['text for an integer', 'ten'],
    ['a fraction for an integer', 1.5],
    ['a boolean for an integer', true],
    ['null for a required integer', null],
  ])('a constant of the wrong type is refused: %s', (_, constant) => {
    const findings = findingsOf({
      'root.dag.tasks.train.inputs.parameters.depth': { runtimeValue: { constant } },
    });

    expect(findings).toEqual([`E_TYPE ${TRAIN}.inputs.parameters.depth.runtimeValue`]);
  });

  test('a constant of schema version 2.0.0 is read', () => {
    const pipeline = readChanged({
      'root.dag.tasks.train.inputs.parameters.depth': {
        runtimeValue: { constantValue: { intValue: '7' } },
      },
    });

    expect(pipeline.warnings).toEqual([]);
  });

  test('a default of the wrong type is refused', () => {
    const findings = findingsOf({
      'components.comp-train.inputDefinitions.parameters.depth.defaultValue': 'ten',
    });

    expect(findings).toEqual([
      'E_TYPE components.comp-train.inputDefinitions.parameters.depth.defaultValue',
    ]);
  });

  test('an input that the component does not declare is refused with the nearest name', () => {
    const refusal = refusalOf(() =>
      readChanged({
        'root.dag.tasks.train.inputs.parameters.dept': { runtimeValue: { constant: 3 } },
      }),
    );

    expect(refusal.code).toBe('E_UNKNOWN_INPUT');
    expect(refusal.hint).toBe('Did you mean "depth"?');
  });

  test('inputs that the compiler adds for placeholders are accepted', () => {
    const pipeline = readChanged({
      'root.dag.tasks.train.inputs.parameters.pipelinechannel--path': {
        componentInputParameter: 'path',
      },
    });

    expect(pipeline.warnings).toEqual([]);
  });

  test('a parameter the pipeline does not have is refused', () => {
    const findings = findingsOf({
      'root.dag.tasks.prepare.inputs.parameters.path.componentInputParameter': 'pth',
    });

    expect(findings).toEqual(['E_UNKNOWN_INPUT root.dag.tasks.prepare.inputs.parameters.path']);
  });

  test('names of Object.prototype are no parameters', () => {
    const findings = findingsOf({
      'root.dag.tasks.prepare.inputs.parameters.path.componentInputParameter': 'constructor',
    });

    expect(findings).toEqual(['E_UNKNOWN_INPUT root.dag.tasks.prepare.inputs.parameters.path']);
  });

  test('an input without a source is refused', () => {
    const findings = findingsOf({ 'root.dag.tasks.train.inputs.parameters.depth': {} });

    expect(findings).toEqual([`E_SPEC ${TRAIN}.inputs.parameters.depth`]);
  });

  test('a selector that is no CEL is refused', () => {
    const findings = findingsOf({
      'root.dag.tasks.train.inputs.parameters.count.parameterExpressionSelector': 'parseJson(',
    });

    expect(findings).toEqual([
      `E_SELECTOR ${TRAIN}.inputs.parameters.count.parameterExpressionSelector`,
    ]);
  });
});

describe('artifacts of a task', () => {
  test('an artifact wired to a parameter is of the wrong kind', () => {
    const findings = findingsOf({
      'root.dag.tasks.train.inputs.parameters.count.taskOutputParameter.outputParameterKey': 'rows',
    });

    expect(findings).toEqual([
      `E_KIND ${TRAIN}.inputs.parameters.count.taskOutputParameter.outputParameterKey`,
    ]);
  });

  test('a parameter passed to an artifact input is of the wrong kind', () => {
    const findings = findingsOf({
      'root.dag.tasks.train.inputs.parameters.rows': { componentInputParameter: 'path' },
      'root.dag.tasks.train.inputs.artifacts': undefined,
    });

    expect(findings).toEqual([`E_KIND ${TRAIN}.inputs.parameters.rows`]);
  });

  test('a Dataset is no Model', () => {
    const refusal = refusalOf(() =>
      readChanged({
        'components.comp-train.inputDefinitions.artifacts.rows.artifactType.schemaTitle':
          'system.Model',
      }),
    );

    expect(refusal.code).toBe('E_ARTIFACT_TYPE');
    expect(refusal.message).toContain('system.Dataset@0.0.1; system.Model@0.0.1 is wanted');
  });

  test.each(['comp-train.inputDefinitions', 'comp-prepare.outputDefinitions'])(
    'system.Artifact goes with every type: %s',
    (definitions) => {
      const title = `components.${definitions}.artifacts.rows.artifactType.schemaTitle`;

      const pipeline = readChanged({ [title]: 'system.Artifact' });

      expect(pipeline.warnings).toEqual([]);
    },
  );

  test('types of Google are compared by title only', () => {
    const google = { schemaTitle: 'google.VertexModel', schemaVersion: '0.0.1' };

    const same = readChanged({
      'components.comp-train.inputDefinitions.artifacts.rows.artifactType': google,
      'components.comp-prepare.outputDefinitions.artifacts.rows.artifactType': google,
    });
    const other = findingsOf({
      'components.comp-train.inputDefinitions.artifacts.rows.artifactType': google,
    });

    expect(same.warnings).toEqual([]);
    expect(other).toEqual([`E_ARTIFACT_TYPE ${TRAIN}.inputs.artifacts.rows`]);
  });

  test('a single artifact is no list of artifacts', () => {
    const findings = findingsOf({
      'components.comp-train.inputDefinitions.artifacts.rows.isArtifactList': true,
    });

    expect(findings).toEqual([`E_ARTIFACT_TYPE ${TRAIN}.inputs.artifacts.rows`]);
  });

  test('a required artifact that is not wired is refused, an optional one is not', () => {
    const required = findingsOf({ 'root.dag.tasks.train.inputs.artifacts': undefined });
    const optional = readChanged({
      'root.dag.tasks.train.inputs.artifacts': undefined,
      'components.comp-train.inputDefinitions.artifacts.rows.isOptional': true,
    });

    expect(required).toEqual([`E_MISSING_INPUT ${TRAIN}`]);
    expect(optional.warnings).toEqual([]);
  });
});

describe('outputs of a DAG', () => {
  const withOutputs = (parameters: JsonObject) => ({
    'root.outputDefinitions': { parameters: { n: { parameterType: 'NUMBER_INTEGER' } } },
    'root.dag.outputs': { parameters },
  });
  const count = { producerSubtask: 'prepare', outputParameterKey: 'count' };

  test('an output taken from a task is accepted', () => {
    const pipeline = readChanged(withOutputs({ n: { valueFromParameter: count } }));

    expect(pipeline.warnings).toEqual([]);
  });

  test('an output from a task that is not there is refused', () => {
    const findings = findingsOf(
      withOutputs({ n: { valueFromParameter: { ...count, producerSubtask: 'nobody' } } }),
    );

    expect(findings).toEqual([
      'E_UNKNOWN_TASK root.dag.outputs.parameters.n.valueFromParameter.producerSubtask',
    ]);
  });

  test('each branch of a oneof is checked', () => {
    const wrong = { ...count, outputParameterKey: 'rows' };

    const findings = findingsOf(
      withOutputs({ n: { valueFromOneof: { parameterSelectors: [count, wrong] } } }),
    );

    expect(findings).toEqual([
      'E_KIND root.dag.outputs.parameters.n.valueFromOneof.parameterSelectors[1].outputParameterKey',
    ]);
  });

  test('an output without branches, and one that no task makes, are refused', () => {
    const empty = findingsOf(withOutputs({ n: { valueFromOneof: {} } }));
    const unmade = findingsOf(withOutputs({}));

    expect(empty).toEqual(['E_SPEC root.dag.outputs.parameters.n']);
    expect(unmade).toEqual(['E_SPEC root.outputDefinitions.parameters.n']);
  });

  test('an output that is not declared is refused', () => {
    const findings = findingsOf(
      withOutputs({ n: { valueFromParameter: count }, m: { valueFromParameter: count } }),
    );

    expect(findings).toEqual(['E_UNKNOWN_OUTPUT root.dag.outputs.parameters.m']);
  });
});
