// The main job in containers and in processes, through the command line: the same end, the same bytes.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { missingCurrentTasksImage } from '../images/support/missing-current-tasks-image.js';
import { AnnealHome, TEST_PYTHON, type RunJson } from '../support/anneal-cli.js';
import { outcomesOf, type Outcomes } from '../support/outcomes-of.js';

const LIMIT_MS = 600_000;
const PARAMETERS = ['data_path=examples/churn/mlc_churn.csv', 'n_estimators=20'];
const STAGES = ['evaluate', 'preprocess', 'train'];
const DIGEST = /^sha256:[0-9a-f]{64}$/;

type Carried = Outcomes & { readonly run: RunJson };

const missing = TEST_PYTHON === undefined ? 'no Python' : missingCurrentTasksImage();

describe.skipIf(missing !== undefined)('the churn pipeline with --runner docker', () => {
  const home = new AnnealHome();
  let inProcesses: Carried;
  let inContainers: Carried;

  const carryOut = async (runner: string): Promise<Carried> => {
    const parameters = PARAMETERS.flatMap((parameter) => ['--param', parameter]);
    const run = await home.run('ml-training-pipeline', ...parameters, '--runner', runner);
    return { run, ...(await outcomesOf(home.folder, run.runId)) };
  };

  beforeAll(async () => {
    await home.serve();
    inProcesses = await carryOut('process');
    inContainers = await carryOut('docker');
  }, LIMIT_MS);
  afterAll(() => home.close(), LIMIT_MS);

  test('ends as with --runner process: the gate is cleared, the model serves', () => {
    const endOf = ({ run }: Carried): object => ({
      status: run.status,
      deployment: run.deployment?.status,
      tasks: run.tasks.map(({ name, status, cached }) => [name, status, cached]),
    });

    expect(inProcesses.runners).toEqual(['process']);
    expect(inContainers.runners).toEqual(['docker']);
    expect(inContainers.run).toMatchObject({
      status: 'succeeded',
      deployment: { status: 'promoted' },
    });
    expect(endOf(inContainers)).toEqual(endOf(inProcesses));
  });

  test('data, model and metrics have the digests and the numbers they have with --runner process', () => {
    const { outcomes, run } = inContainers;
    const digests = outcomes.flatMap(({ artifacts }) =>
      Object.values(artifacts)
        .flat()
        .map((artifact) => 'digest' in artifact && artifact.digest),
    );

    expect(outcomes.map(({ task }) => task.split('/').at(-1))).toEqual(STAGES);
    for (const digest of digests) expect(digest).toMatch(DIGEST);
    expect(digests.length).toBeGreaterThanOrEqual(8);
    expect(outcomes).toEqual(inProcesses.outcomes);
    expect(run.outputs).toEqual(inProcesses.run.outputs);
  });
});
