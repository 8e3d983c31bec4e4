// Variables that the worker gives a task beside its component's own: they reach it on every runner.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { executeTask, type LaunchSpec, type Runner } from '../../../src/runners/index.js';
import { containerEnvironment } from '../../../src/runners/docker/container-environment.js';
import { taskVariables } from '../../../src/runners/kubernetes/pod-environment.js';
import { taskEnvironment } from '../../../src/runners/process/clean-environment.js';
import { writeLaunchDocuments } from '../../../src/runners/sagemaker/launch-document.js';
import { openLocalStore, type ArtifactStore } from '../../../src/storage/index.js';
import { NAMES } from './support/runner-bench.js';

const TRACEPARENT = '00-65bf57f07fedff1c7672f0d801aaf210-b7ad6b7169203331-01';
const STAGING = 'runs/r/task/1';

describe('the variables of a trace', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'anneal-variables-'));
  let store: ArtifactStore;

  beforeAll(async () => {
    store = await openLocalStore(path.join(folder, 'store'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** What a runner is given for a task whose component has these variables. */
  async function launched(own: Record<string, string>): Promise<LaunchSpec> {
    let given: LaunchSpec | undefined;
    const runner: Pick<Runner, 'name' | 'files' | 'run'> = {
      ...{ name: 'process', files: 'mounted' },
      run: (spec) => {
        given = spec;
        return Promise.reject(new Error('not here'));
      },
    };
    const env = Object.entries(own).map(([name, value]) => ({ name, value }));
    await executeTask(
      {
        id: { runId: 'r', task: 'task', attempt: 1 },
        ...{ stagingKey: STAGING, component: {}, names: NAMES },
        container: { image: 'alpine', command: ['true'], env },
        inputs: { parameters: {}, artifacts: {} },
        variables: { TRACEPARENT },
      },
      { store, runner: runner as Runner, signal: new AbortController().signal },
    ).catch(() => undefined);
    return given!;
  }

  test('reach a task on every runner', async () => {
    const spec = await launched({ OWN: 'value' });
    const launcher = path.join(folder, 'launch.sh');
    writeFileSync(launcher, '');
    await writeLaunchDocuments(spec, STAGING, { store, launcher });
    const document = (await store.get(`${STAGING}/_launch/environment`))!;

    const places = { binFolder: '/bin', scratchFolder: folder, errorFile: '', token: 't' };
    expect(taskEnvironment({ ...places, own: spec.env })).toMatchObject({ TRACEPARENT });
    expect(containerEnvironment({ token: 't', own: spec.env })).toMatchObject({ TRACEPARENT });
    expect(taskVariables(spec, false)).toContainEqual({ name: 'TRACEPARENT', value: TRACEPARENT });
    expect(Buffer.from(document).toString().split('\n')).toContain(`TRACEPARENT=${TRACEPARENT}`);
  });

  test("give way to the component's own", async () => {
    const { env } = await launched({ TRACEPARENT: 'mine' });

    expect(env).toEqual({ TRACEPARENT: 'mine' });
  });
});
