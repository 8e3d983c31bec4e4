// What the tests of the runner need of a cluster, be it the fake or a real one.

import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { V1Container, V1Job } from '@kubernetes/client-node';
import { PACKAGE_ROOT } from '../../../src/devserver/index.js';
import { TEST_CREDENTIALS } from '../s3/s3-server.js';
import type { TestNode } from './test-node.js';

export interface TestCluster {
  /** Kubeconfig of the worker, whose rights are those of the Role. */
  readonly config: string;
  readonly node: TestNode;
  /** Jobs that are there, by an administrator's eye. */
  jobs(): Promise<readonly V1Job[]>;
  podNames(): Promise<readonly string[]>;
  deletePod(name: string): Promise<void>;
  /** Breaks every open connection. */
  disturb(): void | Promise<void>;
  close(): Promise<void>;
}

/** Secrets that the node knows. */
export const SECRETS = {
  'anneal-s3/AWS_ACCESS_KEY_ID': TEST_CREDENTIALS.AWS_ACCESS_KEY_ID,
  'anneal-s3/AWS_SECRET_ACCESS_KEY': TEST_CREDENTIALS.AWS_SECRET_ACCESS_KEY,
  'token/value': 'a secret value',
} as const;

/** The images' working folder, which has KFP's settings of the shipped components. */
export const WORKING_FOLDER = path.join(PACKAGE_ROOT, 'python-tasks');

/** Variables of the two images: boto3 is in the one that moves artifacts. */
export function imageEnv({ name }: V1Container): Record<string, string> {
  const isTransfer = name !== 'task';
  const python = process.env[isTransfer ? 'ANNEAL_DEV_PYTHON' : 'ANNEAL_TEST_PYTHON'] ?? '';
  return {
    PATH: `${path.dirname(python)}:/usr/bin:/bin`,
    PYTHONPATH: path.join(PACKAGE_ROOT, 'python-tasks'),
    PYTHONDONTWRITEBYTECODE: '1',
    _KFP_RUNTIME: 'true',
    HOME: '/tmp',
  };
}

/** Writes a kubeconfig. */
export function writeKubeConfig(
  file: string,
  { server, token, ca }: { readonly server: string; readonly token: string; readonly ca?: string },
): string {
  const cluster = {
    server,
    ...(ca === undefined
      ? { 'insecure-skip-tls-verify': true } // plain HTTP, to the fake
      : { 'certificate-authority-data': Buffer.from(ca).toString('base64') }),
  };
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'test', cluster }],
    users: [{ name: 'worker', user: { token } }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'worker', namespace: 'tasks' } }],
    'current-context': 'test',
  };
  writeFileSync(file, JSON.stringify(config), { mode: 0o600 });
  return file;
}
