import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { askStatus } from '../../../../src/deploy/local/control-client.js';
import { endpointFolder } from '../../../../src/deploy/local/endpoint-folder.js';
import { findStrayProcesses } from '../../../../src/deploy/local/stray-processes.js';
import { openLocalFixture, patient, predict, until, type LocalFixture } from './local-fixture.js';

let fixture: LocalFixture;
beforeEach(async () => {
  fixture = await openLocalFixture();
});
afterEach(() => fixture.close());

const churn = () => endpointFolder(join(fixture.folder, 'churn'));
const supervisorPid = async (): Promise<number> => (await askStatus(churn()))!.pid;
const servingPids = (): Promise<number[]> => findStrayProcesses(churn().variants);

async function deploy(
  model: Parameters<LocalFixture['request']>[0],
  changes?: Parameters<LocalFixture['request']>[1],
) {
  return fixture.deployer.deploy(await fixture.request(model, changes), patient());
}

async function kill(pid: number): Promise<void> {
  process.kill(pid, 'SIGKILL');
  await until(async () => (await askStatus(churn())) === undefined);
}

describe('the local deployer', () => {
  it('serves a model on a loopback port that says which model answers', async () => {
    const request = await fixture.request({ answer: 'blue' });

    const view = await fixture.deployer.deploy(request, patient());

    expect(view).toMatchObject({ status: 'promoted', modelDigest: request.modelDigest });
    expect(await predict(view.url)).toEqual({
      status: 200,
      prediction: 'blue',
      modelDigest: request.modelDigest,
    });
  });

  it('swaps models under continuous load without a failed request, on the same port', async () => {
    const blue = await deploy({ answer: 'blue' });
    const answers: { status: number; prediction: unknown }[] = [];
    let isLoaded = true;
    const load = Array.from({ length: 4 }, async () => {
      while (isLoaded) answers.push(await predict(blue.url));
    });
    await until(() => answers.length > 20);

    const green = await deploy({ answer: 'green' });
    const seen = answers.length;
    await until(() => answers.length > seen + 20);
    isLoaded = false;
    await Promise.all(load);

    expect(green).toMatchObject({ status: 'promoted', url: blue.url });
    expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
    expect(new Set(answers.map(({ prediction }) => prediction))).toEqual(
      new Set(['blue', 'green']),
    );
    expect(await servingPids()).toHaveLength(1);
  });

  it('lets the old model finish a request that began before the swap (R1)', async () => {
    const { url } = await deploy({ answer: 'blue' });
    const waitFile = join(fixture.folder, 'answer-now');
    const slow = predict(url, { wait_file: waitFile });

    const swap = deploy({ answer: 'green' });
    await until(async () => (await predict(url)).prediction === 'green');
    await writeFile(waitFile, '');

    expect((await slow).prediction).toBe('blue');
    expect((await swap).status).toBe('promoted');
  });

  it('keeps the old predictions when the new model dies as it loads (B6)', async () => {
    const { url } = await deploy({ answer: 'blue' });

    const view = await deploy({ answer: 'green', on_load: 'die' });

    expect(view.status).toBe('rolled_back');
    expect(view.reason).toContain('ValueError: the weights do not fit');
    expect((await predict(url)).prediction).toBe('blue');
    expect(await servingPids()).toHaveLength(1);
  });

  it('reports failed when the first model dies as it loads, and leaves no endpoint (S4)', async () => {
    const view = await deploy({ answer: 'green', on_load: 'die' });

    expect(view.status).toBe('failed');
    expect(await servingPids()).toEqual([]);
    await until(async () => (await askStatus(churn())) === undefined);
    expect(await fixture.deployer.list()).toEqual([]);
  });

  it('ends a candidate that never answers /ping', async () => {
    await deploy({ answer: 'blue' });

    const view = await deploy({ answer: 'green', on_load: 'hang' });

    expect(view).toMatchObject({ status: 'rolled_back' });
    expect(view.reason).toContain('did not answer /ping within 5 s');
    expect(await servingPids()).toHaveLength(1);
  });

  it('refuses a candidate whose prediction differs from the one recorded in training', async () => {
    const { url } = await deploy({ answer: 'blue' });

    const view = await deploy({ answer: 'green', sample: { minutes: 3 }, expected: 'yes' });

    expect(view.status).toBe('rolled_back');
    expect(view.reason).toContain('predicted "green" where training recorded "yes"');
    expect((await predict(url)).prediction).toBe('blue');
  });

  it('accepts a candidate whose prediction equals the one recorded in training', async () => {
    const view = await deploy({ answer: 'yes', sample: { minutes: 3 }, expected: 'yes' });

    expect(view.status).toBe('promoted');
  });

  it('does not serve bytes that are not the recorded ones', async () => {
    const request = await fixture.request({ answer: 'blue' });
    await appendFile(join(request.modelPath, 'model.json'), ' ');

    const view = await fixture.deployer.deploy(request, patient());

    expect(view.status).toBe('failed');
    expect(view.reason).toContain(`expected ${request.modelDigest}`);
  });

  it('refuses a model whose files are missing', async () => {
    const request = await fixture.request({ answer: 'blue' }, { modelPath: '/nowhere/model' });

    await expect(fixture.deployer.deploy(request, patient())).rejects.toMatchObject({
      code: 'E_ARTIFACT',
    });
  });

  it('loads a pickled model only when the request vouches for it', async () => {
    const refused = await deploy({ answer: 'blue', pickle: true });
    const allowed = await deploy({ answer: 'blue', pickle: true }, { allowPickle: true });

    expect(refused.status).toBe('failed');
    expect(allowed.status).toBe('promoted');
  });

  it('changes nothing when the model serves already (D2)', async () => {
    const request = await fixture.request({ answer: 'blue' });
    await fixture.deployer.deploy(request, patient());
    const before = await servingPids();

    const again = await fixture.deployer.deploy(request, patient());
    const otherRun = { ...request, deploymentId: 'other', runId: 'other' };
    const other = await fixture.deployer.deploy(otherRun, patient());

    expect(again).toMatchObject({ status: 'promoted', unchanged: true });
    expect(other).toMatchObject({ status: 'promoted', unchanged: true });
    expect(await servingPids()).toEqual(before);
  });

  it('does not put an old model back when its deployment is repeated late (D2)', async () => {
    const old = await fixture.request({ answer: 'blue' });
    await fixture.deployer.deploy(old, patient());
    const { url } = await deploy({ answer: 'green' });

    const repeated = await fixture.deployer.deploy(old, patient());

    expect(repeated.status).toBe('superseded');
    expect((await predict(url)).prediction).toBe('green');
  });

  it('carries out two deployments at once one after the other (S3)', async () => {
    const requests = await Promise.all([
      fixture.request({ answer: 'blue' }),
      fixture.request({ answer: 'green' }),
    ]);

    const views = await Promise.all(
      requests.map((request) => fixture.deployer.deploy(request, patient())),
    );

    expect(views.map(({ status }) => status)).toEqual(['promoted', 'promoted']);
    expect(new Set(views.map(({ url }) => url)).size).toBe(1);
    expect(await servingPids()).toHaveLength(1);
  });

  it('recovers when the supervisor was killed: the next deployment takes over its port', async () => {
    const blue = await deploy({ answer: 'blue' });
    await kill(await supervisorPid());
    expect(await fixture.deployer.list()).toMatchObject([{ name: 'churn', status: 'stopped' }]);

    const green = await deploy({ answer: 'green' });

    expect(green).toMatchObject({ status: 'promoted', url: blue.url });
    expect((await predict(green.url)).prediction).toBe('green');
    expect(await servingPids()).toHaveLength(1);
  });

  it('finishes a deployment whose supervisor is killed in the middle of it', async () => {
    const { url } = await deploy({ answer: 'blue' });
    const request = await fixture.request({ answer: 'green' });
    let isKilled = false;
    const pid = await supervisorPid();
    const progress = (state: string): void => {
      if (state === 'starting the model' && !isKilled) {
        isKilled = true;
        process.kill(pid, 'SIGKILL');
      }
    };

    const view = await fixture.deployer.deploy(request, { ...patient(), progress });

    expect(isKilled).toBe(true);
    expect(view).toMatchObject({ status: 'promoted', url });
    expect(await servingPids()).toHaveLength(1);
  });

  it('serves the same model again after start, when everything was killed', async () => {
    const { url } = await deploy({ answer: 'blue' });
    await kill(await supervisorPid());

    await fixture.deployer.start('churn');

    await until(async () => (await predict(url)).prediction === 'blue');
    expect(await servingPids()).toHaveLength(1);
  });

  it('does not take another process for the supervisor when its id is used again (P1)', async () => {
    await deploy({ answer: 'blue' });
    await kill(await supervisorPid());
    const [name] = await readdir(churn().lease);
    const path = join(churn().lease, name!);
    const lease = JSON.parse(await readFile(path, 'utf8')) as { holder: { pid: number } };
    lease.holder.pid = process.pid;
    await writeFile(path, JSON.stringify(lease));

    const view = await deploy({ answer: 'green' });

    expect(view.status).toBe('promoted');
  });

  it('starts a serving process again that died by itself (V4)', async () => {
    const { url } = await deploy({ answer: 'blue' });
    const [first] = await servingPids();

    const lost = await predict(url, { die: true });
    await until(async () => (await predict(url)).status === 200);

    expect(lost.status).toBe(502);
    expect(await servingPids()).not.toContain(first);
  });

  it('goes back to the earlier model on rollback', async () => {
    const { url } = await deploy({ answer: 'blue' });
    await deploy({ answer: 'green' });

    const view = await fixture.deployer.rollback('churn');

    expect(view).toMatchObject({ status: 'promoted', url });
    expect((await predict(url)).prediction).toBe('blue');
  });

  it('leaves no process after stop, and shows the endpoint as stopped', async () => {
    await deploy({ answer: 'blue' });
    const pid = await supervisorPid();

    await fixture.deployer.stop('churn');

    await expect.poll(() => isListed(pid), { timeout: 10_000 }).toBe(false);
    expect(await servingPids()).toEqual([]);
    expect(await fixture.deployer.list()).toMatchObject([{ name: 'churn', status: 'stopped' }]);
  });

  it('ends the serving process on stop when the supervisor was killed before', async () => {
    await deploy({ answer: 'blue' });
    await kill(await supervisorPid());
    expect(await servingPids()).toHaveLength(1);

    await fixture.deployer.stop('churn');

    expect(await servingPids()).toEqual([]);
  });

  it('leaves processes alone that merely look at its files (P2)', async () => {
    await deploy({ answer: 'blue' });
    const log = join(churn().variants, 'some', 'serving.log');
    const reader = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)', log], {
      detached: true,
    });
    await once(reader, 'spawn');

    await fixture.deployer.stop('churn');

    expect(reader.exitCode ?? reader.signalCode).toBeNull();
    reader.kill('SIGKILL');
  });

  it('brings a stopped endpoint back on its port with the next deployment', async () => {
    const { url } = await deploy({ answer: 'blue' });
    await fixture.deployer.stop('churn');

    const view = await deploy({ answer: 'green' });

    expect(view).toMatchObject({ status: 'promoted', url });
  });

  it('gives up a canceled deployment before the switch and leaves the old model', async () => {
    const { url } = await deploy({ answer: 'blue' });
    const cancel = new AbortController();
    const progress = (state: string): void => {
      if (state === 'starting the model') cancel.abort(new Error('run canceled'));
    };
    const request = await fixture.request({ answer: 'green', on_load: 'hang' });

    const deployment = fixture.deployer.deploy(request, { signal: cancel.signal, progress });

    await expect(deployment).rejects.toThrow('run canceled');
    expect((await predict(url)).prediction).toBe('blue');
    expect(await servingPids()).toHaveLength(1);
  });

  it('keeps its folders and files to the owner', async () => {
    await deploy({ answer: 'blue' });

    const modes = await Promise.all(
      [fixture.folder, churn().root, churn().variants, churn().socket, churn().record].map(
        async (path) => (await stat(path)).mode & 0o077,
      ),
    );

    expect(modes).toEqual([0, 0, 0, 0, 0]);
  });

  it('does not pass credentials of the worker to the serving program (V1)', async () => {
    process.env['AWS_SECRET_ACCESS_KEY'] = 'canary';
    const { url } = await deploy({ answer: 'blue' }).finally(() => {
      delete process.env['AWS_SECRET_ACCESS_KEY'];
    });

    const names = (await predict(url, { env: true })).prediction as string[];

    expect(names).toContain('PYTHONPATH');
    expect(names.filter((name) => name.startsWith('AWS_'))).toEqual([]);
  });

  it('ends with its folder when that is removed (S5)', async () => {
    await deploy({ answer: 'blue' });
    const pid = await supervisorPid();

    await rm(churn().root, { recursive: true });

    await until(() => {
      try {
        return !process.kill(pid, 0);
      } catch {
        return true;
      }
    });
    expect(await servingPids()).toEqual([]);
  });

  it('says so when the port of a stopped endpoint is used by another program', async () => {
    const { url } = await deploy({ answer: 'blue' });
    await fixture.deployer.stop('churn');
    const port = new URL(url!).port;
    const script = `require('net').createServer().listen(${port},'127.0.0.1',()=>console.log('up'))`;
    const squatter = spawn(process.execPath, ['-e', script]);
    await new Promise((resolve) => squatter.stdout.once('data', resolve));

    const again = deploy({ answer: 'green' });

    await expect(again).rejects.toMatchObject({
      code: 'E_DEPLOY',
      message: expect.stringContaining(`its port ${port} is used by another program`) as string,
    });
    squatter.kill('SIGKILL');
  });

  it('refuses to stop or start an endpoint that does not exist', async () => {
    await expect(fixture.deployer.stop('nobody')).rejects.toMatchObject({ code: 'E_NOT_FOUND' });
    await expect(fixture.deployer.start('nobody')).rejects.toMatchObject({ code: 'E_NOT_FOUND' });
  });

  it('refuses an endpoint name that would leave its folder', async () => {
    const request = await fixture.request({ answer: 'blue' }, { endpointName: '../evil' });

    await expect(fixture.deployer.deploy(request, patient())).rejects.toMatchObject({
      code: 'E_ENDPOINT_NAME',
    });
    await expect(fixture.deployer.check({ endpointName: 'a_b' })).rejects.toMatchObject({
      code: 'E_ENDPOINT_NAME',
    });
  });
});

describe('the local deployer in a folder with a long path', () => {
  it('reaches its supervisor though the socket address is too long', async () => {
    const long = await openLocalFixture({ folderName: 'x'.repeat(120) });

    const view = await long.deployer.deploy(await long.request({ answer: 'blue' }), patient());

    expect(view.status).toBe('promoted');
    await long.close();
  });
});

/** Whether the process exists; one that has ended stays listed until this process has collected it. */
function isListed(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
