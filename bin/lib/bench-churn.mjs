// The churn pipeline against the same work as one plain script.
//
// C1. They take turns: what else the machine does in between slows both.

import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from '../setup.mjs';
import { openEmbedded } from './embedded.mjs';
import { median, timed, times } from './stopwatch.mjs';

const TIMES = 5;
const PIPELINE = { name: 'ml-training-pipeline' };
const DATA = path.join(ROOT, 'examples/churn/mlc_churn.csv');
const SCRIPT = path.join(ROOT, 'test/bench/churn_script.py');
/** Above any accuracy: the gate refuses, so that pipeline and script do the same work. */
const NOT_DEPLOYED = { data_path: DATA, deploy_threshold: 1 };
const DEPLOYED = { data_path: DATA };

/**
 * @param {string} folder  an empty one
 * @returns {Promise<[what: string, seconds: number, remark?: string][]>}
 */
export async function benchChurn(folder) {
  const home = path.join(folder, '.anneal');
  const first = await openEmbedded(home); // sets up what is missing
  await first.close();
  const { seconds: start, result: service } = await timed(() => openEmbedded(home));
  try {
    const firstRun = await timed(() => run(service, NOT_DEPLOYED, { cache: false }));
    const rounds = await times(TIMES, (index) => round(service, path.join(folder, `${index}`)));
    const deployed = await timed(() => run(service, DEPLOYED));
    const confirmed = await timed(() => run(service, DEPLOYED));
    return rows({ start, firstRun, rounds, deployed, confirmed });
  } finally {
    await service.close();
  }
}

/** One of each, one after the other (C1). */
async function round(service, folder) {
  return {
    script: await timed(() => runScript(service.environment.python, folder)),
    pipeline: await timed(() => run(service, NOT_DEPLOYED, { cache: false })),
    cached: await timed(() => run(service, NOT_DEPLOYED)),
  };
}

async function run({ client, store, modules }, parameters, options = {}) {
  const { runId } = await client.start({ pipeline: PIPELINE, parameters, options });
  const view = await client.result(runId);
  if (view.status !== 'succeeded') throw new Error(`run ${runId} ${view.status}`);
  const keys = view.tasks.flatMap(({ manifestKey }) => manifestKey ?? []);
  const manifests = await Promise.all(keys.map((key) => modules.readManifest(store, key)));
  return { view, codeSeconds: sum(manifests.map(codeSeconds)), stages: keys.length };
}

/** How long a task's own process ran. */
function codeSeconds({ runner, startedAt, finishedAt }) {
  return runner === 'process' ? (Date.parse(finishedAt) - Date.parse(startedAt)) / 1000 : 0;
}

function runScript(python, folder) {
  return promisify(execFile)(python, [SCRIPT, DATA, folder]);
}

function rows({ start, firstRun, rounds, deployed, confirmed }) {
  const middle = (measure) => median(rounds.map(measure));
  const script = middle((round) => round.script.seconds);
  const pipeline = middle((round) => round.pipeline.seconds);
  const ratio = middle((round) => round.pipeline.seconds / round.script.seconds).toFixed(2);
  const { stages } = rounds[0].pipeline.result;
  const overhead = ({ pipeline: { seconds, result } }) => (seconds - result.codeSeconds) / stages;
  return [
    ['Start of the embedded server and workers, all installed', start],
    ['The work as one plain Python script', script],
    ['The pipeline, nothing from the cache', pipeline, `${ratio} × the script`],
    ['- the stages’ own code', middle((round) => round.pipeline.result.codeSeconds)],
    ['- overhead per stage', middle(overhead), `(wall − code) / ${stages} stages`],
    ['The first run after the start, interpreters still cold', firstRun.seconds],
    ['The pipeline, all from the cache', middle((round) => round.cached.seconds)],
    ['All from the cache, and a first deployment', deployed.seconds],
    ['All from the cache, deployment confirmed', confirmed.seconds],
  ];
}

function sum(values) {
  return values.reduce((total, value) => total + value, 0);
}
