// docker-compose.yml, read as Compose reads it.

import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseEnv } from 'node:util';
import { execaSync } from 'execa';
import { afterAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { loadSettings } from '../../src/config/index.js';
import { SERVER_VERSION } from '../cluster/support/server-programs.js';
import { COMPOSE } from './support/compose.js';

interface ComposeFile {
  readonly services: Record<
    string,
    {
      readonly image: string;
      readonly command?: readonly string[];
      readonly ports?: readonly string[];
      readonly environment?: Record<string, string>;
      readonly secrets?: readonly unknown[];
    }
  >;
  readonly secrets: Record<string, { readonly file: string }>;
}

const folder = mkdtempSync(path.join(tmpdir(), 'anneal-compose-'));
afterAll(() => rmSync(folder, { recursive: true }));

const file = parse(readFileSync('docker-compose.yml', 'utf8')) as ComposeFile;

const MLFLOW_FILE = 'docker-compose.mlflow.env';
const MLFLOW = parseEnv(readFileSync(MLFLOW_FILE, 'utf8'));

describe('docker-compose.yml', () => {
  test.skipIf(COMPOSE === undefined)('is accepted by Compose, with MLflow and without', () => {
    const [program, ...args] = COMPOSE!;

    const plain = execaSync(program, [...args, 'config', '--services']);
    const whole = execaSync(program, [...args, '--profile', 'mlflow', 'config']);

    expect(plain.stdout.split('\n')).toContain('worker');
    const resolved = parse(whole.stdout) as ComposeFile;
    expect(Object.keys(resolved.services).sort()).toEqual(Object.keys(file.services).sort());
  });

  test('with MLflow, the worker tracks runs in it; without, nowhere', () => {
    const { trackingUri } = loadSettings(MLFLOW).mlflow!;
    const { command = [] } = file.services['mlflow']!;
    const port = command.find((word) => word.startsWith('--port='))!.slice('--port='.length);

    expect(trackingUri).toBe(`http://mlflow:${port}`);
    expect(MLFLOW['COMPOSE_PROFILES']).toBe('mlflow');
    // Empty counts as unset: there is no default.
    expect(file.services['worker']!.environment!['ANNEAL_MLFLOW_TRACKING_URI']).toBe(
      '${ANNEAL_MLFLOW_TRACKING_URI:-}',
    );
  });

  test.skipIf(COMPOSE === undefined)('MLflow comes, and is tracked in, by one option', () => {
    const [program, ...args] = COMPOSE!;

    const { stdout } = execaSync(program, [...args, '--env-file', MLFLOW_FILE, 'config']);

    const { services } = parse(stdout) as ComposeFile;
    expect(Object.keys(services)).toContain('mlflow');
    expect(services['worker']!.environment).toMatchObject({
      ANNEAL_MLFLOW_TRACKING_URI: MLFLOW['ANNEAL_MLFLOW_TRACKING_URI'],
    });
  });

  test('binds every port to loopback (C1)', () => {
    const ports = Object.values(file.services).flatMap(({ ports: own = [] }) => own);

    expect(ports.length).toBeGreaterThan(0);
    expect(ports.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
  });

  test('holds no password: secrets are files, and those are made at random, once (C2)', () => {
    const make = (): string =>
      execaSync(process.execPath, ['bin/compose-secrets.mjs', path.join(folder, 'secrets')]).stdout;

    const first = make();
    const again = make();

    const names = Object.keys(file.secrets);
    expect(first.split('\n')).toHaveLength(names.length);
    expect(again).toBe('');
    for (const name of names) {
      expect(file.secrets[name]!.file).toBe(`./secrets/${name}`);
      expect(statSync(path.join(folder, 'secrets', name)).size).toBeGreaterThan(10);
    }
    const values = Object.values(file.services).flatMap(({ environment = {} }) =>
      Object.entries(environment).filter(([name]) => /PASSW|SECRET|_KEY/.test(name)),
    );
    expect(values.filter(([name]) => !name.endsWith('_FILE'))).toEqual([]);
  });

  test('runs the versions that were seen to work, and ours', () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };

    expect(file.services['temporal']!.image).toBe(`temporalio/auto-setup:${SERVER_VERSION}`);
    expect(file.services['worker']!.image).toBe(`anneal-worker:${version}`);
  });
});
