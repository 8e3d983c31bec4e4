import { describe, expect, test } from 'vitest';
import { startPipeline } from '../../../src/interpreter/index.js';
import type { DecisionView, RunView } from '../../../src/contract/index.js';
import { HandDrivenPort, result, settled } from './support/hand-driven-port.js';
import { code, plan, task } from './support/plan.js';

const STRING = { parameterType: 'STRING' } as const;
const statuses = (view: RunView) =>
  Object.fromEntries(view.tasks.map(({ name, status }) => [name, status]));
const fromTask = (producerTask: string, outputParameterKey = 'Output') => ({
  taskOutputParameter: { producerTask, outputParameterKey },
});

describe('a DAG', () => {
  test('starts tasks in the order of the spec and dependents only after their upstream (R1, R2)', async () => {
    const port = new HandDrivenPort();
    const run = startPipeline(
      plan({
        tasks: { b: task(), a: task(), c: task('comp-step', { dependentTasks: ['a', 'b'] }) },
      }),
      port,
    );
    await settled();

    await port.succeed('a');
    expect(port.started).toEqual(['b', 'a']);
    await port.succeed('b');
    await port.succeed('c');

    expect(port.started).toEqual(['b', 'a', 'c']);
    expect((await run.result).status).toBe('succeeded');
  });

  test('a failed task fails the run, its dependents do not start, its siblings go on (R3)', async () => {
    const port = new HandDrivenPort();
    const run = startPipeline(
      plan({
        tasks: {
          bad: task(),
          after: task('comp-step', { dependentTasks: ['bad'] }),
          other: task(),
        },
      }),
      port,
    );
    await settled();

    await port.fail('bad');
    await port.succeed('other');

    const view = await run.result;
    expect(view.status).toBe('failed');
    expect(statuses(view)).toEqual({ bad: 'failed', after: 'not_triggered', other: 'succeeded' });
    expect(view.error).toMatchObject({ code: 'E_TASK_EXIT', task: 'bad' });
  });

  test('outputs of the root come from its tasks', async () => {
    const port = new HandDrivenPort();
    const run = startPipeline(
      plan({
        tasks: { a: task() },
        outputs: {
          parameters: {
            score: { valueFromParameter: { producerSubtask: 'a', outputParameterKey: 'Output' } },
          },
        },
      }),
      port,
    );
    await settled();

    await port.succeed('a', { Output: 0.93 });

    expect((await run.result).outputs).toEqual({ score: 0.93 });
  });
});

describe('conditions', () => {
  const gated = (value: string) =>
    plan({
      components: {
        'comp-condition': {
          inputDefinitions: { parameters: { coin: STRING } },
          dag: { tasks: { deploy: task() } },
        },
      },
      tasks: {
        flip: task(),
        gate: task('comp-condition', {
          inputs: { parameters: { coin: fromTask('flip') } },
          triggerPolicy: { condition: `inputs.parameter_values['coin'] == '${value}'` },
        }),
        after: task('comp-step', { dependentTasks: ['gate'] }),
      },
    });

  test('a false condition skips the task, all below it and all after it, and the run succeeds', async () => {
    const port = new HandDrivenPort();
    const run = startPipeline(gated('heads'), port);
    await settled();

    await port.succeed('flip', { Output: 'tails' });

    const view = await run.result;
    expect(view.status).toBe('succeeded');
    expect(statuses(view)).toEqual({
      flip: 'succeeded',
      gate: 'skipped',
      'gate/deploy': 'skipped',
      after: 'skipped',
    });
    expect(view.tasks[1]!.reason).toContain('coin = "tails"');
  });

  test('a true condition runs what is below it', async () => {
    const port = new HandDrivenPort();
    const run = startPipeline(gated('heads'), port);
    await settled();

    await port.succeed('flip', { Output: 'heads' });
    await port.succeed('gate/deploy');
    await port.succeed('after');

    expect(statuses(await run.result)['gate/deploy']).toBe('succeeded');
  });

  test.each([`x' or True or 'x`, `' == '' || true || '`, `heads' `])(
    'a value is never read as code: %s',
    async (value) => {
      const port = new HandDrivenPort();
      const run = startPipeline(gated('heads'), port);
      await settled();

      await port.succeed('flip', { Output: value });

      expect(statuses(await run.result)['gate']).toBe('skipped');
    },
  );

  test('a condition that cannot be evaluated fails the task', async () => {
    const port = new HandDrivenPort();
    const run = startPipeline(
      plan({
        tasks: {
          gate: task('comp-step', {
            triggerPolicy: { condition: "int(inputs.parameter_values['n']) > 1" },
          }),
        },
      }),
      port,
    );

    const view = await run.result;

    expect(view.status).toBe('failed');
    expect(view.error?.code).toBe('E_CONDITION');
    expect(port.started).toEqual([]);
  });
});

describe('retries', () => {
  const retried = plan({
    tasks: {
      a: task('comp-step', {
        retryPolicy: { maxRetryCount: 2, backoffDuration: '3s', backoffFactor: 2 },
      }),
    },
  });

  test('a failing task is tried again as its retryPolicy says, with backoff', async () => {
    const port = new HandDrivenPort();
    const run = startPipeline(retried, port);
    await settled();

    await port.fail('a');
    await port.fail('a');
    await port.succeed('a');

    const view = await run.result;
    expect(view.tasks[0]).toMatchObject({ status: 'succeeded', attempts: 3 });
    expect(port.slept).toEqual([3000, 6000]);
  });

  test('it fails when the retries are used up', async () => {
    const port = new HandDrivenPort();
    const run = startPipeline(retried, port);
    await settled();

    for (let round = 0; round < 3; round += 1) await port.fail('a');

    expect((await run.result).tasks[0]).toMatchObject({ status: 'failed', attempts: 3 });
  });

  test('bad data is never tried again', async () => {
    const port = new HandDrivenPort();
    const run = startPipeline(retried, port);
    await settled();

    await port.fail('a', 'E_DATA');

    expect((await run.result).tasks[0]).toMatchObject({ status: 'failed', attempts: 1 });
  });
});

describe('the cache', () => {
  const cachedTask = { a: task('comp-step', { cachingOptions: { enableCache: true } }) };

  test('a cached task is not executed again', async () => {
    const port = new HandDrivenPort();
    port.cache.set('a', { ...result({ Output: 1 }), cached: true });

    const view = await startPipeline(plan({ tasks: cachedTask }), port).result;

    expect(port.started).toEqual([]);
    expect(view.tasks[0]).toMatchObject({ status: 'succeeded', cached: true });
  });

  test('a missed look-up hands its key to the execution', async () => {
    const port = new HandDrivenPort();
    void startPipeline(plan({ tasks: cachedTask }), port);
    await settled();

    expect(port.request('a').cacheKey).toBe('key-a');
  });

  test.each([
    ['the run says so', plan({ tasks: cachedTask, cache: false })],
    ['the task says so', plan({ tasks: { a: task('comp-step', { cachingOptions: {} }) } })],
  ])('nothing is looked up when %s', async (_, disabled) => {
    const port = new HandDrivenPort();
    void startPipeline(disabled, port);
    await settled();

    expect(port.lookedUp).toEqual([]);
    expect(port.started).toEqual(['a']);
  });
});

describe('deploy tasks (F2)', () => {
  const deploying = plan({
    components: {
      'comp-deploy': code('exec-deploy-model', {
        inputs: {
          artifacts: { model: { artifactType: { schemaTitle: 'system.Model' } } },
          parameters: { endpoint_name: STRING },
        },
      }),
    },
    executors: { 'exec-deploy-model': { kind: 'deploy' } },
    tasks: {
      train: task(),
      deploy: task('comp-deploy', {
        cachingOptions: { enableCache: true },
        inputs: {
          artifacts: {
            model: { taskOutputArtifact: { producerTask: 'train', outputArtifactKey: 'model' } },
          },
          parameters: { endpoint_name: { runtimeValue: { constant: 'churn' } } },
        },
      }),
    },
  });
  const model = {
    name: 'model',
    type: 'system.Model',
    schemaVersion: '0.0.1',
    uri: 'file:///m',
    metadata: {},
  };

  test('go to the deployer and never to the cache, though the spec enables caching', async () => {
    const port = new HandDrivenPort();
    const run = startPipeline(deploying, port);
    await settled();

    await port.succeed('train', {}, { model: [model] });

    const view = await run.result;
    expect(port.lookedUp).toEqual([]);
    expect(port.deployments).toMatchObject([
      { endpointName: 'churn', model: { uri: 'file:///m' } },
    ]);
    expect(view.deployment).toEqual({ status: 'promoted', endpoint: 'churn' });
  });

  const decision: DecisionView = {
    ...{ reason: 'all rules hold', rules: [], modelDigest: 'sha256:m' },
    ...{ policyDigest: 'sha256:p', decidedAt: '2026-01-01T00:00:00.000Z' },
    ...{ recordKey: 'models/churn/decisions/run/1/decision.json', recordDigest: 'sha256:d' },
    verdict: 'accepted',
  };
  const place = { recordKey: decision.recordKey, recordDigest: decision.recordDigest };

  async function judged(port: HandDrivenPort) {
    const run = startPipeline(deploying, port);
    await settled();
    await port.succeed('train', {}, { model: [model] });
    return run.result;
  }

  test('are judged first, and the decision goes along with the deployment (D1)', async () => {
    const port = new HandDrivenPort();
    port.verdict = { decision };

    const view = await judged(port);

    expect(port.judged).toMatchObject([{ endpointName: 'churn', model: { uri: 'file:///m' } }]);
    expect(port.deployments).toMatchObject([{ endpointName: 'churn', decision: place }]);
    expect(view.tasks.find(({ kind }) => kind === 'deploy')?.decision).toEqual(decision);
  });

  test('that the gate refuses are skipped, and the run succeeds (D2)', async () => {
    const port = new HandDrivenPort();
    port.verdict = { decision: { ...decision, verdict: 'refused', reason: 'no better' } };

    const view = await judged(port);

    expect(port.deployments).toEqual([]);
    expect(view.status).toBe('succeeded');
    expect(view.deployment).toEqual({ status: 'refused', endpoint: 'churn', reason: 'no better' });
    expect(view.tasks.at(-1)).toMatchObject({ status: 'skipped', reason: 'no better' });
  });

  test.each([
    ['approved', 'promoted', 1],
    ['rejected', 'refused', 0],
  ] as const)('that a person has %s are %s', async (answer, status, deployments) => {
    const port = new HandDrivenPort();
    port.verdict = {
      decision: { ...decision, verdict: 'needs_approval' },
      approval: { timeoutHours: 1 },
    };
    port.approval = { answer, by: 'ada', reason: 'seen', at: decision.decidedAt };

    const view = await judged(port);

    expect(view.deployment?.status).toBe(status);
    expect(port.deployments).toHaveLength(deployments);
    expect(view.tasks.at(-1)?.decision?.approval).toEqual(port.approval);
  });

  test('that wait for a person who does not answer fail', async () => {
    const port = new HandDrivenPort();
    port.verdict = { decision: { ...decision, verdict: 'needs_approval' } };

    const view = await judged(port);

    expect(view.error?.code).toBe('E_DEPLOY_REFUSED');
    expect(port.deployments).toEqual([]);
  });

  test('a deployment that was rolled back fails the run', async () => {
    const port = new HandDrivenPort();
    port.deployModel = () =>
      Promise.resolve({
        ...result({}),
        deployment: { status: 'rolled_back', endpoint: 'churn', reason: 'no answer to /ping' },
      });
    const run = startPipeline(deploying, port);
    await settled();

    await port.succeed('train', {}, { model: [model] });

    const view = await run.result;
    expect(view.status).toBe('failed');
    expect(view.deployment?.status).toBe('rolled_back');
    expect(view.error?.message).toContain('no answer to /ping');
  });
});

describe('importers', () => {
  const importing = (source: 'run' | 'constant') =>
    plan({
      components: {
        'comp-importer': code('exec-importer', {
          inputs: { parameters: { uri: STRING } },
        }),
      },
      executors: {
        'exec-importer': {
          kind: 'importer',
          importer: {
            artifactUri: { runtimeParameter: 'uri' },
            typeSchema: { schemaTitle: 'system.Dataset', schemaVersion: '0.0.1' },
            metadata: { source: "{{$.inputs.parameters['uri']}}", rows: 3 },
          },
        },
      },
      tasks: {
        importer: task('comp-importer', {
          inputs: {
            parameters: {
              uri:
                source === 'run'
                  ? { componentInputParameter: 'data_path' }
                  : { runtimeValue: { constant: '/etc/passwd' } },
            },
          },
        }),
      },
      root: {
        inputDefinitions: { parameters: { data_path: STRING } },
      },
      parameters: { data_path: 'data.csv' },
    });

  test("know an address of the run's own parameters from one of the spec", async () => {
    const port = new HandDrivenPort();

    await startPipeline(importing('run'), port).result;
    await startPipeline(importing('constant'), port).result;

    expect(port.imports).toMatchObject([
      { uri: 'data.csv', uriSource: 'parameter', metadata: { source: 'data.csv', rows: 3 } },
      { uri: '/etc/passwd', uriSource: 'constant' },
    ]);
  });
});

describe('exit handlers', () => {
  const handled = plan({
    components: {
      'comp-handled': { dag: { tasks: { work: task() } } },
      'comp-exit': code('exec-exit', {
        inputs: { parameters: { status: { parameterType: 'TASK_FINAL_STATUS' } } },
      }),
    },
    tasks: {
      handled: task('comp-handled'),
      exit: task('comp-exit', {
        dependentTasks: ['handled'],
        triggerPolicy: { strategy: 'ALL_UPSTREAM_TASKS_COMPLETED' },
        inputs: { parameters: { status: { taskFinalStatus: { producerTask: 'handled' } } } },
      }),
    },
  });

  test('run after a failure with its status, and the run still fails (R3)', async () => {
    const port = new HandDrivenPort();
    const run = startPipeline(handled, port);
    await settled();

    await port.fail('handled/work');
    const { status } = port.request('exit').inputs.parameters as { status: { state: string } };
    await port.succeed('exit');

    expect(status.state).toBe('FAILED');
    expect((await run.result).status).toBe('failed');
  });

  test('run after a cancellation, which cannot cut them short (R4)', async () => {
    const port = new HandDrivenPort();
    const run = startPipeline(handled, port);
    await settled();

    await port.cancel();
    expect(port.pending.get('exit')?.options.shielded).toBe(true);
    await port.succeed('exit');

    const view = await run.result;
    expect(view.status).toBe('canceled');
    expect(statuses(view)).toEqual({
      handled: 'canceled',
      'handled/work': 'canceled',
      exit: 'succeeded',
    });
  });
});
