// The servers that the S3 store is tested on: moto always, versitygw when asked for.

import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import { moto, startMoto } from '../../contract/deploy/moto-server.js';
import { waitUntil } from '../wait-until.js';
import { startFaultProxy } from './fault-proxy.js';
import { TEST_CREDENTIALS, type S3Server } from './s3-server.js';

export interface S3ServerKind {
  readonly name: string;
  /** Why it cannot be used here. */
  readonly missing?: string;
  /** Whether it checks signatures, and keeps bytes on disk where they can be damaged. */
  readonly isStrict: boolean;
  readonly start: () => Promise<S3Server>;
}

const VERSITYGW = 'github.com/versity/versitygw/cmd/versitygw@v1.8.0';

/** All kinds; the AWS SDK finds credentials that each accepts. */
export function s3ServerKinds(): S3ServerKind[] {
  Object.assign(process.env, TEST_CREDENTIALS);
  const kinds = [motoKind(), versitygwKind()];
  for (const { name, missing } of kinds) {
    if (missing !== undefined) console.warn(`SKIPPED: the S3 store on ${name} (${missing})`);
  }
  return kinds;
}

function motoKind(): S3ServerKind {
  const found = 'missing' in moto ? moto : undefined;
  const start = async (): Promise<S3Server> => {
    const server = await startMoto('python' in moto ? moto.python : '');
    const proxy = await startFaultProxy(server.url); // for its F1
    return {
      url: proxy.url,
      close: () => {
        void proxy.close();
        server.close();
      },
    };
  };
  return { name: 'moto', missing: found?.missing, isStrict: false, start };
}

function versitygwKind(): S3ServerKind {
  const wanted = process.env['ANNEAL_TEST_VERSITYGW'];
  const missing =
    wanted === undefined
      ? 'ANNEAL_TEST_VERSITYGW is not set: npm run test:store'
      : hasGo()
        ? undefined
        : 'there is no Go to build it with';
  return { name: 'versitygw', missing, isStrict: true, start: startVersitygw };
}

function hasGo(): boolean {
  try {
    execFileSync('go', ['version'], { stdio: 'ignore' });
    return true;
  } catch {
    return existsSync(programPath());
  }
}

async function startVersitygw(): Promise<S3Server> {
  const folder = mkdtempSync(path.join(tmpdir(), 'anneal-versitygw-'));
  const port = await freePort();
  const server = spawn(await buildVersitygw(), ['--port', `127.0.0.1:${port}`, 'posix', folder], {
    stdio: 'ignore',
    env: {
      ...process.env,
      ROOT_ACCESS_KEY: TEST_CREDENTIALS.AWS_ACCESS_KEY_ID,
      ROOT_SECRET_KEY: TEST_CREDENTIALS.AWS_SECRET_ACCESS_KEY,
    },
  });
  const url = `http://127.0.0.1:${port}`;
  await waitUntil('versitygw answers', () => {
    if (server.exitCode !== null) throw new Error(`versitygw ended: ${server.exitCode}`);
    return fetch(url).then(
      () => true,
      () => false,
    );
  });
  const close = (): void => {
    server.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  };
  return { url, close, folder };
}

/** Builds it once, into the user's cache. */
function buildVersitygw(): Promise<string> {
  const program = programPath();
  if (!existsSync(program)) {
    mkdirSync(path.dirname(program), { recursive: true });
    execFileSync('go', ['install', VERSITYGW], {
      stdio: 'inherit',
      env: { ...process.env, GOBIN: path.dirname(program) },
    });
  }
  return Promise.resolve(program);
}

function programPath(): string {
  const cache = process.env['XDG_CACHE_HOME'] ?? path.join(homedir(), '.cache');
  return path.join(cache, 'anneal-tests', VERSITYGW.split('@').at(-1)!, 'versitygw');
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}
