// The programs of examples/ against the package as it is packed, on one embedded service. Nothing is linked to this
// checkout but the packages that the lockfile names.

import { createHmac } from 'node:crypto';
import { cpSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { execa, type ResultPromise } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AnnealHome, TEST_PYTHON } from '../support/anneal-cli.js';
import { TEMPORAL_CLI } from '../support/temporal-server.js';
import { waitUntil } from '../support/wait-until.js';

const UV = process.env['ANNEAL_TEST_UV'];
const SECRET = 'a secret of sixteen characters or more';
const DATA = 'examples/churn/mlc_churn.csv';
const BODY = JSON.stringify({ data_path: DATA, n_estimators: 10 });

if (UV === undefined) console.warn('SKIPPED: the Python service, for want of uv (ANNEAL_TEST_UV)');

describe.skipIf(TEST_PYTHON === undefined)('examples/', () => {
  const home = new AnnealHome();
  const services: ResultPromise[] = [];
  let environment: Record<string, string>;

  beforeAll(async () => {
    cpSync('examples', join(home.project, 'examples'), { recursive: true });
    await installPackage();
    environment = {
      TEMPORAL_ADDRESS: await home.serve(),
      ANNEAL_STORE: join(home.folder, 'store'),
      WEBHOOK_SECRET: SECRET,
      PORT: '0',
    };
  }, 300_000);
  afterAll(async () => {
    for (const service of services) service.kill('SIGTERM');
    await Promise.allSettled(services);
    await home.close();
  });

  test('start-script starts a run and reads its outputs and metrics', async () => {
    const { stdout } = await run(process.execPath, ['examples/start-script/start.mjs', DATA, '10']);

    expect(JSON.parse(stdout)).toMatchObject({
      outputs: { passed: true, test_accuracy: expect.any(Number) as number },
      evaluate: { test_accuracy: expect.any(Number) as number },
      deployment: 'promoted',
    });
  }, 180_000);

  test('service-typescript compiles against the package; one delivery is one run', async () => {
    const folder = 'examples/service-typescript';
    await run(process.execPath, ['node_modules/typescript/bin/tsc', '-p', folder]);
    const url = await serve(process.execPath, [`${folder}/dist/main.js`]);

    const first = await deliver(url, 'delivery-1');
    const again = await deliver(url, 'delivery-1');

    expect(first).toMatchObject({ status: 202, body: { runId: expect.any(String) as string } });
    expect(again).toEqual(first);
    const changed = JSON.stringify({ data_path: DATA, n_estimators: 11 });
    expect(await deliver(url, 'delivery-1', changed)).toMatchObject({
      status: 409,
      body: { code: 'E_IDEMPOTENCY_KEY' },
    });
    expect(await deliver(url, 'delivery-2', BODY, 'sha256=00')).toMatchObject({ status: 401 });
    const mistyped = JSON.stringify({ data_path: DATA, n_estimators: 0.5 });
    expect(await deliver(url, 'delivery-3', mistyped)).toMatchObject({
      status: 422,
      body: { code: 'E_PARAM' },
    });
    await ended(url, first.body['runId']!);
  }, 240_000);

  test.skipIf(UV === undefined)(
    'service-python does the same with Temporal alone',
    async () => {
      const python = join(home.project, 'venv', 'bin', 'python');
      await run(UV!, ['venv', '--quiet', '--python', TEST_PYTHON!, join(home.project, 'venv')]);
      const lock = 'examples/service-python/requirements.txt';
      await run(UV!, [
        'pip',
        'install',
        '--quiet',
        '--python',
        python,
        '--require-hashes',
        '-r',
        lock,
      ]);
      const url = await serve(python, ['examples/service-python/service.py']);

      const first = await deliver(url, 'delivery-4');
      const again = await deliver(url, 'delivery-4');

      expect(first).toMatchObject({ status: 202, body: { runId: 'delivery-delivery-4' } });
      expect(again).toEqual(first);
      expect(await deliver(url, 'delivery-5', BODY, 'sha256=00')).toMatchObject({ status: 401 });
      await ended(url, first.body['runId']!);
    },
    300_000,
  );

  test('temporal-cli starts a run with the stock CLI', async () => {
    const { stdout } = await run('sh', ['examples/temporal-cli/start.sh', DATA, '10']);

    expect(JSON.parse(stdout)).toMatchObject({
      status: 'COMPLETED',
      result: { status: 'succeeded', deployment: { status: 'promoted' } },
    });
  }, 180_000);

  /** Unpacks what `npm pack` packs beside links to the locked packages, as an installation would lie there. */
  async function installPackage(): Promise<void> {
    const modules = join(home.project, 'node_modules');
    mkdirSync(modules);
    for (const name of readdirSync('node_modules')) {
      if (name.startsWith('.')) continue;
      symlinkSync(resolve('node_modules', name), join(modules, name));
    }
    const options = { cwd: resolve('.'), env: { npm_config_loglevel: 'error' } };
    const { stdout } = await execa(
      'npm',
      ['pack', '--ignore-scripts', '--json', '--pack-destination', home.temporary],
      options,
    );
    const [packed] = Object.values(JSON.parse(stdout) as Record<string, { filename: string }>);
    await execa('tar', ['-xzf', join(home.temporary, packed!.filename), '-C', home.temporary]);
    rmSync(join(modules, 'anneal'), { force: true });
    renameSync(join(home.temporary, 'package'), join(modules, 'anneal'));
  }

  function run(program: string, args: readonly string[]): Promise<{ stdout: string }> {
    return start(program, args) as unknown as Promise<{ stdout: string }>;
  }

  function start(program: string, args: readonly string[]): ResultPromise {
    const path = `${join(TEMPORAL_CLI, '..')}:${process.env['PATH']}`;
    return execa(program, args, {
      cwd: home.project,
      env: { ...environment, PATH: path, PYTHONDONTWRITEBYTECODE: '1' },
    });
  }

  /** Starts a service. @returns its address, as it prints it */
  async function serve(program: string, args: readonly string[]): Promise<string> {
    const service = start(program, args);
    services.push(service);
    let text = '';
    service.stdout!.on('data', (chunk: Buffer) => (text += chunk.toString()));
    service.catch(() => undefined);
    return waitUntil('the service listens', () => /http:\S+/.exec(text)?.[0], 120_000);
  }

  async function deliver(
    url: string,
    delivery: string,
    body = BODY,
    signature = `sha256=${createHmac('sha256', SECRET).update(body).digest('hex')}`,
  ): Promise<{ status: number; body: Record<string, string> }> {
    const headers = { 'x-delivery-id': delivery, 'x-signature-256': signature };
    const answer = await fetch(`${url}/retrain`, { method: 'POST', body, headers });
    return { status: answer.status, body: (await answer.json()) as Record<string, string> };
  }

  async function ended(url: string, runId: string): Promise<void> {
    const state = await waitUntil(
      'the run has ended',
      async () => {
        const answer = await fetch(`${url}/runs/${runId}`);
        const { status } = (await answer.json()) as { status?: string };
        return status !== 'running' && status;
      },
      180_000,
    );
    expect(state).toBe('succeeded');
  }
});
