// A PostgreSQL server for one test file, with a password, as docker-compose.yml has it.

import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { freePort } from '../../support/free-port.js';
import { waitUntil } from '../../support/wait-until.js';

const DEBIAN_VERSIONS = '/usr/lib/postgresql';

/** Folder of PostgreSQL's programs; undefined where it is not installed. */
export const POSTGRES_PROGRAMS = findPrograms();

export interface Postgres {
  readonly port: number;
  readonly user: string;
  readonly password: string;
  stop(): Promise<void>;
}

/** Makes a database cluster in a folder of its own and starts its server on loopback. */
export async function startPostgres(): Promise<Postgres> {
  const folder = mkdtempSync(path.join(tmpdir(), 'anneal-postgres-'));
  const password = randomBytes(18).toString('hex');
  const passwordFile = path.join(folder, 'password');
  writeFileSync(passwordFile, password);
  const account = await unprivilegedAccount();
  if (account) for (const file of [folder, passwordFile]) chownSync(file, account.uid, account.gid);
  const database = path.join(folder, 'data');
  const program = (name: string): string => path.join(POSTGRES_PROGRAMS!, name);
  const options = { cwd: folder, ...account };
  const init = ['-D', database, '-U', 'temporal', '-A', 'scram-sha-256', '--pwfile', passwordFile];
  await execa(program('initdb'), [...init, '--no-sync', '-E', 'UTF8'], options);
  const port = await freePort();
  const listening = ['-D', database, '-h', '127.0.0.1', '-p', String(port), '-k', folder];
  const server = spawn(program('postgres'), listening, { ...options, stdio: 'ignore' });
  const exited = once(server, 'exit');
  const isReady = ['-h', '127.0.0.1', '-p', String(port), '-U', 'temporal'];
  await waitUntil('PostgreSQL answers', async () => {
    const { exitCode } = await execa(program('pg_isready'), isReady, { reject: false });
    return exitCode === 0;
  });
  return {
    port,
    user: 'temporal',
    password,
    stop: async () => {
      server.kill('SIGINT'); // "fast": connections are closed, nothing is waited for
      await exited;
      rmSync(folder, { recursive: true });
    },
  };
}

/** PostgreSQL refuses to run as root: Debian's package made an account for it. */
async function unprivilegedAccount(): Promise<{ uid: number; gid: number } | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const numberOf = async (flag: string): Promise<number> =>
    Number((await execa('id', [flag, 'postgres'])).stdout);
  return { uid: await numberOf('-u'), gid: await numberOf('-g') };
}

function findPrograms(): string | undefined {
  if (!existsSync(DEBIAN_VERSIONS)) return undefined;
  const newest = readdirSync(DEBIAN_VERSIONS).sort((a, b) => Number(b) - Number(a));
  return newest
    .map((version) => path.join(DEBIAN_VERSIONS, version, 'bin'))
    .find((folder) => existsSync(path.join(folder, 'postgres')));
}
