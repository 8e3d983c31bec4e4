// Temporal's server and its schema tool, built from their Go module: the version that docker-compose.yml runs.
//
// B1. Built once for each version, and kept in the project's home: a build takes minutes.

import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** The version, as docker-compose.yml has it. */
export const SERVER_VERSION = '1.29.1';
const MODULE = 'go.temporal.io/server';
const BUILD_LIMIT_MS = 30 * 60_000;

export interface ServerPrograms {
  readonly server: string;
  /** Creates databases and their schema. */
  readonly sqlTool: string;
}

/** Builds the programs, or finds them built (B1). */
export async function buildServerPrograms(): Promise<ServerPrograms> {
  const folder = path.resolve('.anneal', 'cache', `temporal-server-${SERVER_VERSION}`);
  const programs = { server: path.join(folder, 'server'), sqlTool: path.join(folder, 'sql') };
  if (existsSync(programs.server) && existsSync(programs.sqlTool)) return programs;
  const packages = ['cmd/server', 'cmd/tools/sql'].map(
    (name) => `${MODULE}/${name}@v${SERVER_VERSION}`,
  );
  const env = { ...process.env, GOBIN: folder };
  await execute('go', ['install', ...packages], { env, timeout: BUILD_LIMIT_MS });
  return programs;
}
