import { expect, test } from 'vitest';
import type { TaskStatus } from '../../../src/contract/index.js';
import { startPipeline } from '../../../src/interpreter/index.js';
import { HandDrivenPort, settled } from './support/hand-driven-port.js';
import { Random } from './support/random.js';
import { randomPipeline } from './support/random-pipeline.js';
import { referenceEvaluation } from './support/reference-evaluator.js';
import type { StepFunction } from './support/reference-evaluator.js';

const CASES = 2000;
const FIRST_SEED = Number(process.env['ANNEAL_SEED'] ?? 1);

/** Steps whose success and output depend on their path alone, so that every schedule gives the same. */
function stepsOf(seed: number): StepFunction {
  return (path, input) => {
    let hash = seed;
    for (const character of path + input)
      hash = (Math.imul(hash, 31) + character.charCodeAt(0)) | 0;
    return new Random(hash).chance(0.1) ? undefined : `${path}=${input}`;
  };
}

async function runInRandomOrder(seed: number) {
  const random = new Random(seed);
  const plan = { ...randomPipeline(random), tasksPerHistory: seed % 3 === 0 ? 4 : undefined };
  const step = stepsOf(seed);
  const port = new HandDrivenPort();
  port.graph = plan;
  const run = startPipeline(plan, port);
  let isDone = false;
  void run.result.then(() => (isDone = true));
  await settled();
  while (!isDone) {
    const running = [...port.pending.keys()];
    if (running.length === 0)
      throw new Error(`seed ${seed}: nothing runs and the pipeline has not ended`);
    const next = random.pick(running);
    const output = step(next, port.request(next).inputs.parameters['in'] as string);
    if (output === undefined) await port.fail(next);
    else await port.succeed(next, { out: output });
  }
  return { plan, step, port, view: await run.result };
}

/** Where loops were cut into slices, the run lists only the loops themselves. */
function listed(tasks: Map<string, TaskStatus>, names?: readonly string[]) {
  return Object.fromEntries(
    [...tasks].filter(([name]) => names === undefined || names.includes(name)),
  );
}

test(`${CASES} random pipelines end as the reference says, in any order of completion`, async () => {
  let failed = 0;
  let sliced = 0;
  for (let seed = FIRST_SEED; seed < FIRST_SEED + CASES; seed += 1) {
    const { plan, step, port, view } = await runInRandomOrder(seed);
    const expected = referenceEvaluation(plan, step);

    const actual = {
      status: view.status,
      output: view.status === 'succeeded' ? view.outputs['out'] : undefined,
      tasks: Object.fromEntries(view.tasks.map(({ name, status }) => [name, status])),
    };
    expect(actual, `ANNEAL_SEED=${seed}`).toEqual({
      status: expected.status,
      output: expected.output,
      tasks: listed(expected.tasks, port.slices.length > 0 ? Object.keys(actual.tasks) : undefined),
    });
    expect(new Set(port.started).size, `ANNEAL_SEED=${seed}: a task started twice`).toBe(
      port.started.length,
    );
    if (view.status === 'failed') failed += 1;
    if (port.slices.length > 0) sliced += 1;
  }
  expect(failed).toBeGreaterThan(CASES / 20);
  expect(failed).toBeLessThan(CASES);
  expect(sliced).toBeGreaterThan(CASES / 50);
}, 120_000);
