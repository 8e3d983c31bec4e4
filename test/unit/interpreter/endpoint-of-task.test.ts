import { expect, test } from 'vitest';
import { endpointOfTask } from '../../../src/interpreter/endpoint-of-task.js';
import { code, plan, task } from './support/plan.js';

const STRING = { parameterType: 'STRING' } as const;
const DEPLOY = code('exec-deploy', { inputs: { parameters: { endpoint_name: STRING } } });

const given = (endpoint: object) =>
  task('comp-deploy', { inputs: { parameters: { endpoint_name: endpoint } } });

/** A deploy task in a condition, which hands down what `outer` says as `name`. */
const nested = (outer: object) =>
  plan({
    tasks: { 'condition-1': task('comp-condition', { inputs: { parameters: { name: outer } } }) },
    components: {
      'comp-deploy': DEPLOY,
      'comp-condition': {
        dag: { tasks: { deploy: given({ componentInputParameter: 'name' }) } },
      },
    },
    parameters: { endpoint: 'from-the-run' },
  });

test('a constant in the task names the endpoint', () => {
  const tasks = { deploy: given({ runtimeValue: { constant: 'churn' } }) };

  const endpoint = endpointOfTask(plan({ tasks, components: { 'comp-deploy': DEPLOY } }), 'deploy');

  expect(endpoint).toBe('churn');
});

test('a parameter of the run is followed down through a condition', () => {
  const endpoint = endpointOfTask(
    nested({ componentInputParameter: 'endpoint' }),
    'condition-1/deploy',
  );

  expect(endpoint).toBe('from-the-run');
});

test('iteration indexes in the path are no tasks', () => {
  const endpoint = endpointOfTask(
    nested({ runtimeValue: { constant: 'same-for-all' } }),
    'condition-1/3/deploy',
  );

  expect(endpoint).toBe('same-for-all');
});

test("the component's default counts where the task gives nothing", () => {
  const inputs = { parameters: { endpoint_name: { ...STRING, defaultValue: 'usual' } } };
  const components = { 'comp-deploy': code('exec-deploy', { inputs }) };

  const endpoint = endpointOfTask(
    plan({ tasks: { deploy: task('comp-deploy') }, components }),
    'deploy',
  );

  expect(endpoint).toBe('usual');
});

test('a name that another task would have made is not known', () => {
  const fromTask = {
    taskOutputParameter: { producerTask: 'naming', outputParameterKey: 'Output' },
  };
  const tasks = { naming: task(), deploy: given(fromTask) };

  const endpoint = endpointOfTask(plan({ tasks, components: { 'comp-deploy': DEPLOY } }), 'deploy');

  expect(endpoint).toBeUndefined();
});
