// Executes one task as a worker would; prints what came of it as one JSON object.
import { createDockerRunner, createProcessRunner, executeTask } from '../src/runners/index.js';
import { openLocalStore } from '../src/storage/index.js';

const order = JSON.parse(process.argv[2]);
const store = await openLocalStore(order.storeFolder);
const runner =
  order.runner === 'docker'
    ? await createDockerRunner(order.options)
    : createProcessRunner(order.options);
const names = {
  jobName: 'p',
  jobResourceName: 'p',
  jobId: order.runId,
  taskName: 't',
  taskId: 't',
  pipelineRoot: '',
};
try {
  const result = await executeTask(
    {
      id: { runId: order.runId, task: 'task', attempt: 1 },
      stagingKey: `runs/${order.runId}/task/1`,
      component: order.component ?? {},
      container: order.container,
      inputs: { parameters: {}, artifacts: {} },
      names,
      platform: order.platform,
    },
    { store, runner, signal: new AbortController().signal },
  );
  process.stdout.write(JSON.stringify(result));
} catch (error) {
  process.stdout.write(JSON.stringify({ code: error.code, message: error.message }));
}
await runner.close();
