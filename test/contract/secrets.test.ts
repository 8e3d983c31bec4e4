// Secrets of AWS Secrets Manager, as moto serves them, and of a Kubernetes API.

import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { resolveSecret } from '../../src/secrets/index.js';
import { moto, startMoto, type MotoServer } from './deploy/moto-server.js';

afterEach(() => vi.unstubAllEnvs());

if ('missing' in moto) {
  console.warn(`SKIPPED: secrets of AWS on moto, because ${moto.missing}.`);
}

describe.skipIf('missing' in moto)('a secret of AWS Secrets Manager', () => {
  let server: MotoServer;

  const useMoto = (): void => {
    vi.stubEnv('AWS_ENDPOINT_URL', server.url);
    vi.stubEnv('AWS_REGION', 'eu-west-1');
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
  };

  beforeAll(async () => {
    server = await startMoto((moto as { python: string }).python);
    useMoto();
    const client = new SecretsManagerClient({});
    await client.send(new CreateSecretCommand({ Name: 'plain', SecretString: 'value' }));
    await client.send(
      new CreateSecretCommand({ Name: 'team/hooks', SecretString: '{"slack":"https://x"}' }),
    );
  }, 90_000);
  afterAll(() => server.close());

  test.each([
    ['aws:plain', 'value'],
    ['aws:team/hooks#slack', 'https://x'],
  ])('is read by %s', async (reference, value) => {
    useMoto();

    expect(await resolveSecret(reference)).toBe(value);
  });

  test.each([
    ['aws:absent', 'ResourceNotFoundException'],
    ['aws:team/hooks#pager', 'it has no text field "pager"'],
    ['aws:plain#key', 'SyntaxError'],
  ])('that is not there is named without any value: %s', async (reference, reason) => {
    useMoto();

    const failure = (await resolveSecret(reference).catch((error: unknown) => error)) as Error;

    expect(failure.message).toContain(reason);
    expect(failure.message).not.toContain('value');
  });
});

describe('a secret of a Kubernetes namespace', () => {
  let server: Server;
  let folder: string;

  beforeAll(async () => {
    server = createServer((request, response) => {
      const isKnown = request.url === '/api/v1/namespaces/team/secrets/hooks';
      response.writeHead(isKnown ? 200 : 404, { 'content-type': 'application/json' });
      const data = { slack: Buffer.from('https://x').toString('base64') };
      response.end(JSON.stringify({ apiVersion: 'v1', kind: isKnown ? 'Secret' : 'Status', data }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    folder = mkdtempSync(path.join(tmpdir(), 'anneal-kubeconfig-'));
    const { port } = server.address() as AddressInfo;
    // The client takes plain HTTP only from those who say that they mean it.
    const address = { server: `http://127.0.0.1:${port}`, 'insecure-skip-tls-verify': true };
    const cluster = { name: 'c', cluster: address };
    const config = {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [cluster],
      users: [{ name: 'u', user: {} }],
      contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
      'current-context': 'x',
    };
    writeFileSync(path.join(folder, 'config.json'), JSON.stringify(config));
  });
  afterAll(async () => {
    await new Promise((resolve) => server.close(resolve));
    rmSync(folder, { recursive: true, force: true });
  });

  test('is read by its namespace, name and key', async () => {
    vi.stubEnv('KUBECONFIG', path.join(folder, 'config.json'));

    expect(await resolveSecret('kubernetes:team/hooks/slack')).toBe('https://x');
  });

  test.each(['kubernetes:team/hooks/pager', 'kubernetes:team/absent/slack'])(
    'that is not there is refused: %s',
    async (reference) => {
      vi.stubEnv('KUBECONFIG', path.join(folder, 'config.json'));

      await expect(resolveSecret(reference)).rejects.toMatchObject({ code: 'E_CONFIG' });
    },
  );
});
