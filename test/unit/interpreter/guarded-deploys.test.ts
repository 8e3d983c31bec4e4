import { expect, test } from 'vitest';
import { startPipeline } from '../../../src/interpreter/index.js';
import type { ApprovalAnswer, RunView } from '../../../src/contract/index.js';
import { HandDrivenPort, result, settled } from './support/hand-driven-port.js';
import { judgedAs } from '../../support/judged-as.js';
import { code, plan, task } from './support/plan.js';

const DIGEST = `sha256:${'a'.repeat(64)}`;
const MODEL = {
  name: 'model',
  type: 'system.Model',
  schemaVersion: '0.0.1',
  uri: 'file:///m',
  digest: DIGEST,
  metadata: {},
};
const AT = '2026-01-02T00:00:00.000Z';

/** train, deploy, and a task after it. */
const DEPLOYING = plan({
  components: {
    'comp-deploy': code('exec-deploy-model', {
      inputs: {
        artifacts: { model: { artifactType: { schemaTitle: 'system.Model' } } },
        parameters: { endpoint_name: { parameterType: 'STRING' } },
      },
    }),
  },
  executors: { 'exec-deploy-model': { kind: 'deploy' } },
  tasks: {
    train: task(),
    deploy: task('comp-deploy', {
      inputs: {
        artifacts: {
          model: { taskOutputArtifact: { producerTask: 'train', outputArtifactKey: 'model' } },
        },
        parameters: { endpoint_name: { runtimeValue: { constant: 'churn' } } },
      },
    }),
    announce: task('comp-step', { dependentTasks: ['deploy'] }),
  },
});

/** A run whose model is there; its endpoint's policy asks a person. */
async function trained(
  port: HandDrivenPort,
): Promise<{ view(): RunView; readonly result: Promise<RunView> }> {
  const run = startPipeline(DEPLOYING, port);
  await settled();
  await port.succeed('train', {}, { model: [MODEL] });
  return run;
}

/** @param answer  what a person says; undefined: nothing yet */
function asking(answer?: ApprovalAnswer): HandDrivenPort {
  const port = new HandDrivenPort();
  port.verdict = judgedAs('needs_approval', { timeoutHours: 48 });
  if (answer !== undefined) port.answer = () => Promise.resolve(answer);
  return port;
}

const APPROVED = { approved: true, by: 'ada', reason: 'looks right', at: AT } as const;

test('nothing is deployed, and no turn is held, while nobody has answered (G2)', async () => {
  const port = asking();

  const run = await trained(port);

  expect(port.questions).toMatchObject([
    { task: 'deploy', endpoint: 'churn', modelDigest: DIGEST, policy: { timeoutHours: 48 } },
  ]);
  expect(port.turns).toEqual([]);
  expect(port.deployments).toEqual([]);
  expect(run.view().tasks.find(({ name }) => name === 'deploy')?.status).toBe('running');
});

test('who agreed goes on record before the deployment, and the time of it decides the turn (G1)', async () => {
  const port = asking(APPROVED);

  await trained(port);

  expect(port.recorded).toEqual([{ answer: 'approved', by: 'ada', reason: 'looks right', at: AT }]);
  expect(port.deployments).toHaveLength(1);
  expect(port.turns).toMatchObject([
    { turn: { id: 'run-1/deploy', endpoint: 'churn', acceptedAt: AT }, isDeployed: true },
  ]);
});

test.each([
  [
    'rejected by a person',
    { approved: false, by: 'bob', reason: 'old data', at: AT } as const,
    'rejected by bob: old data',
  ],
  [
    'rejected without a word',
    { approved: false, by: 'bob', reason: '', at: AT } as const,
    'rejected by bob',
  ],
  [
    'not answered in time',
    { approved: false, reason: 'late', at: AT } as const,
    'nobody approved within 48 h',
  ],
])('a model that was %s is refused, and the run succeeds (G3)', async (_, answer, reason) => {
  const port = asking(answer);

  const view = await (await trained(port)).result;

  expect(view.status).toBe('succeeded');
  expect(view.deployment).toEqual({
    status: 'refused',
    endpoint: 'churn',
    modelDigest: DIGEST,
    reason,
  });
  expect(port.deployments).toEqual([]);
  expect(view.tasks.map(({ name, status }) => [name, status])).toEqual([
    ['train', 'succeeded'],
    ['deploy', 'skipped'],
    ['announce', 'skipped'],
  ]);
});

test('where the policy asks nobody, the deployment takes its turn at once', async () => {
  const port = new HandDrivenPort();
  port.verdict = judgedAs('accepted');

  await trained(port);

  expect(port.questions).toEqual([]);
  expect(port.deployments).toHaveLength(1);
  expect(port.recorded).toEqual([]);
});

test('a model that a later one took the place of is superseded, and the run succeeds (G3)', async () => {
  const port = asking(APPROVED);
  port.superseding = {
    id: 'run-2/deploy',
    runId: 'run-2',
    task: 'deploy',
    endpoint: 'churn',
    acceptedAt: AT,
  };

  const view = await (await trained(port)).result;

  expect(view.status).toBe('succeeded');
  expect(view.deployment).toMatchObject({
    status: 'superseded',
    reason: 'the model of run "run-2", accepted later, goes to this endpoint instead',
  });
  expect(port.deployments).toEqual([]);
});

test('a deployment that fails gives its turn back and says that nothing was deployed', async () => {
  const port = asking(APPROVED);
  const deployment = { status: 'rolled_back', endpoint: 'churn', reason: 'no answer' } as const;
  port.deployModel = () => Promise.resolve({ ...result({}), deployment });

  const view = await (await trained(port)).result;

  expect(view.status).toBe('failed');
  expect(port.turns).toMatchObject([{ isDeployed: false }]);
});

test('an approval that comes while the run is paused deploys when it is resumed (G2)', async () => {
  const port = asking();
  let approve!: (answer: ApprovalAnswer) => void;
  port.answer = () => new Promise((resolve) => (approve = resolve));
  await trained(port);

  port.pause();
  approve(APPROVED);
  await settled();
  const whilePaused = [port.turns.length, port.deployments.length];
  await port.resume();

  expect(whilePaused).toEqual([0, 0]);
  expect(port.deployments).toHaveLength(1);
});

test('runs of versions that knew no rules deploy as they did', async () => {
  const port = new HandDrivenPort();

  await trained(port);

  expect(port.deployments).toHaveLength(1);
  expect(port.turns).toEqual([]);
});
