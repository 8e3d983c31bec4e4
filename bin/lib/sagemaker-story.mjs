// The story of `npm run demo:sagemaker`: create, a canary whose program dies in baking, a rollback, a good one.

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT } from '../setup.mjs';
import { loadBuilt, openEmbedded } from './embedded.mjs';

const DATA = path.join(ROOT, 'examples/churn/mlc_churn.csv');
const ENDPOINT = 'churn-model-prod';
// An update that takes AWS seven minutes takes a quarter of one.
const SPEED = 30;
const POLICY = {
  // What is shown is the rollout; whether a model is better is for other policies.
  gate: { champion: 'ignore' },
  rollout: {
    strategy: 'canary',
    stepPercent: 50,
    stepSeconds: 60,
    bakeSeconds: 180,
    alarms: { errorRate: 0.2, minRequests: 5 },
  },
  sagemaker: { instanceCount: 2 },
};
const LOAD_PAUSE_MS = 40;
const LOOK_PAUSE_MS = 100;
const ASKED_AFTERWARDS = 20;

/**
 * @param {string} folder  an empty one, for the home of the service
 * @param {(line: string) => void} tell  told of every step
 * @returns the runs' ends, and what the endpoint answered after each of them
 */
export async function tellStory(folder, tell) {
  const fakeModule = path.join(ROOT, 'dist/src/devserver/fake-sagemaker/index.js');
  const fakes = await import(pathToFileURL(fakeModule).href);
  const home = path.join(folder, '.anneal');
  const cloud = await openCloud(fakes, home);
  const variables = {
    ...fakes.fakeVariables(cloud.fake.url),
    ANNEAL_SAGEMAKER_POLL_SECONDS: '0.2',
  };
  Object.assign(process.env, variables); // The worker inherits what is AWS's.
  try {
    tell(`SageMaker is faked on loopback, ${SPEED} times as fast`);
    const settings = { ...variables, ANNEAL_POLICIES: JSON.stringify([POLICY]) };
    const service = await openEmbedded(home, settings);
    try {
      return await tellRuns({ ...cloud, service, tell });
    } finally {
      await service.close();
    }
  } finally {
    await cloud.fake.close();
  }
}

/** The fake, with the serving program behind its endpoints. */
async function openCloud(fakes, home) {
  const modules = await loadBuilt();
  const settings = modules.loadSettings({
    PATH: process.env.PATH,
    ANNEAL_HOME: home,
    ...(process.env.ANNEAL_PYTHON_ENV && { ANNEAL_PYTHON_ENV: process.env.ANNEAL_PYTHON_ENV }),
  });
  const report = (line) => void process.stderr.write(`${line}\n`);
  const { python } = await modules.ensurePythonEnvironment({ settings, report });
  let host;
  const fake = await fakes.startFakeSageMaker({
    clock: fakes.fasterClock(SPEED),
    host: (objects) => {
      const pythonTasksFolder = path.join(ROOT, 'python-tasks');
      host = new fakes.ServingHost({ python, pythonTasksFolder, read: (uri) => objects.read(uri) });
      return host;
    },
  });
  return { fake, host };
}

async function tellRuns(stage) {
  const { tell } = stage;
  tell('run 1 trains a first model');
  const first = await deploy(stage, { n_estimators: 20 });
  const firstAnswers = await askRepeatedly(stage);
  tell(`the endpoint answers ${shown(firstAnswers)}`);

  tell('run 2 trains another; customers keep asking while it takes over by canary');
  const second = await underLoad(stage, async () => {
    const crash = crashInBaking(stage);
    return [await deploy(stage, { n_estimators: 25 }), await crash][0];
  });
  const secondAnswers = await askRepeatedly(stage);
  tell(`the endpoint answers ${shown(secondAnswers)}: the first model`);

  tell('run 3 trains a good one');
  const third = await underLoad(stage, () => deploy(stage, { n_estimators: 30 }));
  const thirdAnswers = await askRepeatedly(stage);
  tell(`the endpoint answers ${shown(thirdAnswers)}: the new model`);
  return {
    runs: [first, second, third],
    answers: [firstAnswers, secondAnswers, thirdAnswers],
    ledger: stage.fake.ledger.entries,
  };
}

/** Runs the churn pipeline, telling the endpoint's states. */
async function deploy({ service, fake, tell }, parameters) {
  const stop = watchEndpoint(fake, tell);
  const { runId } = await service.client.start({
    pipeline: { name: 'ml-training-pipeline' },
    parameters: { data_path: DATA, ...parameters },
  });
  const view = await service.client.result(runId);
  await stop();
  const { status = 'not reached', reason, modelDigest } = view.deployment ?? {};
  tell(`the run ${view.status}; its deployment: ${status}${reason ? `: ${reason}` : ''}`);
  if (view.deployment === undefined) throw new Error(JSON.stringify(view.error ?? view));
  return { runId, run: view.status, status, reason, modelDigest };
}

function watchEndpoint(fake, tell) {
  let isOver = false;
  let last;
  const watching = (async () => {
    while (!isOver) {
      const state = await stateOf(fake);
      if (state !== undefined && state !== last) tell(`  endpoint ${state}`);
      last = state ?? last;
      await pause(LOOK_PAUSE_MS);
    }
  })();
  return () => {
    isOver = true;
    return watching;
  };
}

async function stateOf(fake) {
  const found = await fake
    .actAsOther('DescribeEndpoint', { EndpointName: ENDPOINT })
    .catch(() => undefined);
  if (found === undefined) return undefined;
  const [pending] = found.PendingDeploymentSummary?.ProductionVariants ?? [];
  const stage = pending?.VariantStatus?.[0]?.Status;
  return stage === undefined ? found.EndpointStatus : `${found.EndpointStatus}: ${stage}`;
}

/** Kills the new model's program once it has traffic. */
async function crashInBaking({ fake, host, tell }) {
  while ((await stateOf(fake)) !== 'Updating: Baking') await pause(LOOK_PAUSE_MS);
  tell('  the program of the new model is killed (-9)');
  await host.crashNewest();
}

/** Sends requests until `body` has ended. */
async function underLoad(stage, body) {
  let isOver = false;
  const load = (async () => {
    while (!isOver) {
      await ask(stage);
      await pause(LOAD_PAUSE_MS);
    }
  })();
  try {
    return await body();
  } finally {
    isOver = true;
    await load;
  }
}

/** One prediction for the first row of the data; undefined when there is none. */
async function ask({ fake }) {
  const [heading, row] = readFileSync(DATA, 'utf8').split('\n');
  const withoutLabel = (line) => line.trim().split(',').slice(0, -1).join(',');
  const response = await fetch(`${fake.url}/endpoints/${ENDPOINT}/invocations`, {
    method: 'POST',
    headers: { 'content-type': 'text/csv', accept: 'application/json' },
    body: `${withoutLabel(heading)}\n${withoutLabel(row)}\n`,
  });
  if (!response.ok) return undefined;
  const { predictions } = await response.json();
  return predictions[0];
}

/** The distinct answers to the same question, asked many times. */
async function askRepeatedly(stage) {
  const answers = new Set();
  for (let count = 0; count < ASKED_AFTERWARDS; count += 1) {
    answers.add(JSON.stringify((await ask(stage)) ?? null));
  }
  return [...answers].map((answer) => JSON.parse(answer));
}

function shown(answers) {
  return answers.map((answer) => JSON.stringify(answer)).join(' or ');
}

function pause(ms) {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
