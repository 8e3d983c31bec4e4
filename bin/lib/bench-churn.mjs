// The churn pipeline against the same work as one plain script.

import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from '../setup.mjs';
import { openEmbedded } from './embedded.mjs';
import { median, timed, timedOften } from './stopwatch.mjs';

const TIMES = 3;
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
    const scripts = await timedOften(TIMES, (index) =>
      runScript(service.environment.python, path.join(folder, `script-${index}`)),
    );
    const runs = await timedOften(TIMES, () => run(service, NOT_DEPLOYED, { cache: false }));
    const cached = await timedOften(TIMES, () => run(service, NOT_DEPLOYED));
    const deployed = await timed(() => run(service, DEPLOYED));
    const confirmed = await timed(() => run(service, DEPLOYED));
    return rows({ start, firstRun, scripts, runs, cached, deployed, confirmed });
  } finally {
    await service.close();
  }
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

function rows({ start, firstRun, scripts, runs, cached, deployed, confirmed }) {
  const script = median(scripts.map(({ seconds }) => seconds));
  const pipeline = median(runs.map(({ seconds }) => seconds));
  const code = median(runs.map(({ result }) => result.codeSeconds));
  const overhead = median(
    runs.map(({ seconds, result }) => (seconds - result.codeSeconds) / result.stages),
  );
  const ratio = (pipeline / script).toFixed(2);
  return [
    ['Start of the embedded server and workers, all installed', start],
    ['The work as one plain Python script', script, `median of ${TIMES}`],
    ['The pipeline, nothing from the cache', pipeline, `${ratio} × the script; median of ${TIMES}`],
    ['- the stages’ own code', code, 'sum over their processes'],
    ['- overhead per stage', overhead, `(wall − code) / ${runs[0].result.stages} stages`],
    ['The first run after the start, interpreters still cold', firstRun.seconds],
    [
      'The pipeline, all from the cache',
      median(cached.map(({ seconds }) => seconds)),
      `median of ${TIMES}`,
    ],
    ['All from the cache, and a first deployment', deployed.seconds],
    ['All from the cache, deployment confirmed', confirmed.seconds],
  ];
}

function sum(values) {
  return values.reduce((total, value) => total + value, 0);
}
