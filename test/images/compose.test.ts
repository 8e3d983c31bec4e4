// docker-compose.yml, read as Compose reads it.

import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execaSync } from 'execa';
import { afterAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { SERVER_VERSION } from '../cluster/support/server-programs.js';
import { COMPOSE } from './support/compose.js';

interface ComposeFile {
  readonly services: Record<
    string,
    {
      readonly image: string;
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

describe('docker-compose.yml', () => {
  test.skipIf(COMPOSE === undefined)('is accepted by Compose, with MLflow and without', () => {
    const [program, ...args] = COMPOSE!;

    const plain = execaSync(program, [...args, 'config', '--services']);
    const whole = execaSync(program, [...args, '--profile', 'mlflow', 'config']);

    expect(plain.stdout.split('\n')).toContain('worker');
    const resolved = parse(whole.stdout) as ComposeFile;
    expect(Object.keys(resolved.services).sort()).toEqual(Object.keys(file.services).sort());
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
