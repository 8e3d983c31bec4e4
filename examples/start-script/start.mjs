// Starts the churn pipeline from a plain script, follows it, and prints what came out as one JSON object.
//
//   TEMPORAL_ADDRESS=… ANNEAL_STORE=… node start.mjs DATA [TREES]

import { AnnealClient, AnnealRunError } from 'anneal';
import { churn } from 'anneal/pipelines';

const [dataPath, trees = '100'] = process.argv.slice(2);
if (dataPath === undefined) {
  console.error('Usage: node start.mjs DATA [TREES]');
  process.exit(2);
}

const anneal = await AnnealClient.fromEnvironment();
try {
  const run = await anneal.start(churn, { data_path: dataPath, n_estimators: Number(trees) });
  console.error(`Run ${run.runId}`);
  for await (const { tasks } of run.watch()) {
    const running = tasks.filter(({ status }) => status === 'running').map(({ name }) => name);
    if (running.length > 0) console.error(`running: ${running.join(', ')}`);
  }
  const { outputs, deployment } = await run.result();
  const { evaluate } = await anneal.artifacts.metrics(run.runId);
  console.log(
    JSON.stringify({ runId: run.runId, outputs, evaluate, deployment: deployment?.status }),
  );
} catch (error) {
  if (!(error instanceof AnnealRunError)) throw error;
  console.error(`${error.code} in task "${error.task ?? 'none'}": ${error.message}`);
  process.exitCode = 1;
} finally {
  await anneal.close();
}
