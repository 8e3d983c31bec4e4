// The main job on real data, through the command line, on a real Temporal server.

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AnnealHome, TEST_PYTHON } from '../support/anneal-cli.js';
import type { RunJson, TaskJson } from '../support/anneal-cli.js';

const PIPELINE = 'ml-training-pipeline';
const CHURN = 'data_path=examples/churn/mlc_churn.csv';
const ROW =
  'KS,128,area_code_415,no,yes,25,265.1,110,45.07,197.4,99,16.78,244.7,91,11.01,10.0,3,2.7,1';

const taskOf = (run: RunJson, name: string): TaskJson => {
  const task = run.tasks.find((candidate) => candidate.name.endsWith(name));
  if (task === undefined)
    throw new Error(`no task ${name} in ${run.tasks.map((each) => each.name).join(', ')}`);
  return task;
};

describe.skipIf(TEST_PYTHON === undefined)('the churn pipeline', () => {
  const home = new AnnealHome();
  let first: RunJson;
  let leftByFirst: string[];

  beforeAll(async () => {
    first = await home.run(PIPELINE, '--param', CHURN);
    leftByFirst = home.processes().map(({ command }) => command);
    await home.serve(); // for all that follows
  });
  afterAll(() => home.close());

  test('trains on one part, is judged on the other, and deploys', () => {
    expect(first.status).toBe('succeeded');
    expect(first.outputs['test_accuracy']).toBeCloseTo(0.93, 1);
    expect(first.deployment).toMatchObject({ status: 'promoted', endpoint: 'churn-model-prod' });
    const stages = ['import', 'preprocess', 'train', 'evaluate', 'deploy-model'];
    expect(stages.map((stage) => taskOf(first, stage).status)).toEqual(
      stages.map(() => 'succeeded'),
    );
  });

  test("the endpoint's answer to a raw row is scikit-learn's own", async () => {
    const model = taskOf(first, 'train').outputs!.artifacts['model']![0]!;
    const script = `
import io, json, sys
import pandas, skops.io
file = sys.argv[1] + "/model.skops"
estimator = skops.io.load(file, trusted=skops.io.get_untrusted_types(file=file))
columns = open(sys.argv[2]).readline().strip().split(",")[:-1]
row = pandas.read_csv(io.StringIO(sys.argv[3]), names=columns)
label = str(estimator.predict(row)[0])
probability = float(estimator.predict_proba(row)[0][list(estimator.classes_).index("yes")])
print(json.dumps({"predictions": [{"label": label, "probability": probability}]}))
`;
    const expected = JSON.parse(
      execFileSync(
        TEST_PYTHON!,
        ['-c', script, fileURLToPath(model.uri), 'examples/churn/mlc_churn.csv', ROW],
        {
          encoding: 'utf8',
        },
      ),
    ) as unknown;

    const response = await fetch(`${first.deployment!.url!}/invocations`, {
      method: 'POST',
      headers: { 'content-type': 'text/csv' },
      body: ROW,
    });

    expect(await response.json()).toEqual(expected);
  });

  test('an identical run is answered from the cache, and its endpoint is confirmed', async () => {
    const again = await home.run(PIPELINE, '--param', CHURN);

    expect(['preprocess', 'train', 'evaluate'].map((stage) => taskOf(again, stage).cached)).toEqual(
      [true, true, true],
    );
    expect(taskOf(again, 'deploy-model').cached).toBe(false);
    expect(again.deployment?.status).toBe('promoted');
    expect(again.outputs).toEqual(first.outputs);
  });

  test('changing only n_estimators reruns train and what follows, nothing before', async () => {
    const changed = await home.run(PIPELINE, '--param', CHURN, '--param', 'n_estimators=60');

    expect(taskOf(changed, 'preprocess').cached).toBe(true);
    expect([taskOf(changed, 'train').cached, taskOf(changed, 'evaluate').cached]).toEqual([
      false,
      false,
    ]);
  });

  test('a model below the threshold is refused, and what served before still serves', async () => {
    const before = await home.call('endpoints', 'list', '--json');

    const refused = await home.run(PIPELINE, '--param', 'data_path=examples/churn/wa_churn.csv');

    expect(refused).toMatchObject({
      status: 'succeeded',
      exitCode: 0,
      deployment: { status: 'refused' },
    });
    expect(refused.deployment?.reason).toContain('below the threshold 0.85');
    expect(taskOf(refused, 'deploy-model').status).toBe('skipped');
    expect((await home.call('endpoints', 'list', '--json')).stdout).toBe(before.stdout);
  });

  test('--require-deploy turns a refusal into exit code 5', async () => {
    const refused = await home.run(
      PIPELINE,
      '--param',
      'data_path=examples/churn/wa_churn.csv',
      '--require-deploy',
    );

    expect(refused.exitCode).toBe(5);
  });

  test('the report is one file that names the metrics, the gate and the digests', async () => {
    const file = `${home.folder}/report.html`;

    const { exitCode } = await home.call('report', first.runId, '-o', file);

    const html = readFileSync(file, 'utf8');
    expect(exitCode).toBe(0);
    expect(html).toContain('0.936');
    expect(html).toContain(
      taskOf(first, 'train').outputs!.artifacts['model']![0]!.digest!.slice(7, 19),
    );
    expect(html).not.toMatch(/(?:src|href)="https?:/);
  });

  test('no server, worker or task is left once the first command has ended', () => {
    const left = leftByFirst.filter(
      (command) => !/supervisor-main|anneal_tasks\.serving/.test(command),
    );

    expect(left).toEqual([]);
  });
});
