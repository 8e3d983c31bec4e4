// The command line as a user starts it, on a home of its own.

import { mkdirSync, mkdtempSync, readFileSync, readdirSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import type { ResultPromise } from 'execa';

const PROJECT = new URL('../../', import.meta.url).pathname;
const CLI = join(PROJECT, 'dist/src/cli/main.js');

/** One task as `--json` shows it. */
export interface TaskJson {
  readonly name: string;
  readonly status: string;
  readonly cached: boolean;
  readonly attempts: number;
  readonly seconds?: number;
  readonly outputs?: {
    readonly parameters: Record<string, unknown>;
    readonly artifacts: Record<
      string,
      { uri: string; digest?: string; type: string; metadata: Record<string, unknown> }[]
    >;
  };
  readonly error?: { code: string; message: string };
}

/** What `anneal run --json` prints. */
export interface RunJson {
  readonly runId: string;
  readonly status: string;
  readonly outputs: Record<string, unknown>;
  readonly tasks: readonly TaskJson[];
  readonly deployment?: { status: string; endpoint: string; url?: string; reason?: string };
  readonly error?: { code: string; message: string; task?: string; hint?: string; where?: string };
}

/** The Python environment that the test command prepared; undefined when tests run without it. */
export const TEST_PYTHON = process.env['ANNEAL_TEST_PYTHON'];

/** One user's project with a home of its own, and the commands run with it. */
export class AnnealHome {
  /** Every process that works for the home has this folder in its command line, environment or as its own. */
  readonly project = mkdtempSync(join(tmpdir(), 'anneal-test-'));
  /** ANNEAL_HOME. */
  readonly folder = join(this.project, '.anneal');

  /** TMPDIR of the commands and of all that they start. */
  readonly temporary = join(this.project, 'tmp');

  constructor(private readonly environment: Record<string, string> = {}) {
    mkdirSync(this.folder);
    mkdirSync(this.temporary);
  }

  /** Starts a command and leaves it running. */
  start(...args: readonly string[]): ResultPromise {
    return execa(process.execPath, [CLI, ...args], {
      cwd: PROJECT,
      reject: false,
      stdin: 'ignore',
      env: {
        ANNEAL_HOME: this.folder,
        ANNEAL_PYTHON_ENV: TEST_PYTHON,
        ANNEAL_HEARTBEAT_SECONDS: '3',
        TMPDIR: this.temporary,
        NO_COLOR: '1',
        // The AWS SDK would ask an address off this machine for credentials.
        AWS_EC2_METADATA_DISABLED: 'true',
        ...this.environment,
      },
    });
  }

  /** Runs a command to its end. */
  async call(
    ...args: readonly string[]
  ): Promise<{ exitCode: number; stdout: string; stderr: string }> {
    const { exitCode, stdout, stderr } = await this.start(...args);
    return { exitCode: exitCode ?? -1, stdout: String(stdout), stderr: String(stderr) };
  }

  /** `anneal run … --json`, parsed. */
  async run(...args: readonly string[]): Promise<RunJson & { exitCode: number }> {
    const { exitCode, stdout, stderr } = await this.call('run', ...args, '--json');
    try {
      return { ...(JSON.parse(stdout) as RunJson), exitCode };
    } catch {
      throw new Error(`no JSON on stdout (exit ${exitCode}): ${stdout}\n${stderr}`);
    }
  }

  /** Processes that work for this home: servers, workers, interpreters kept warm, tasks, endpoints. */
  processes(): { pid: number; command: string }[] {
    const pids = readdirSync('/proc').filter(
      (name) => /^\d+$/.test(name) && Number(name) !== process.pid,
    );
    return pids.flatMap((pid) => {
      try {
        const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
        const environment = readFileSync(`/proc/${pid}/environ`, 'utf8');
        const places = [command, environment, readlinkSync(`/proc/${pid}/cwd`)];
        const isOurs = places.some((place) => place.includes(this.project));
        return isOurs && command !== '' ? [{ pid: Number(pid), command }] : [];
      } catch {
        return [];
      }
    });
  }

  /** Stops every endpoint and removes the home. */
  async close(): Promise<void> {
    const { stdout } = await this.call('endpoints', 'list', '--json');
    const { endpoints = [] } = JSON.parse(stdout || '{}') as { endpoints?: { name: string }[] };
    for (const { name } of endpoints) await this.call('endpoints', 'stop', name);
    for (const { pid } of this.processes()) process.kill(pid, 'SIGKILL');
    rmSync(this.project, { recursive: true, force: true });
  }
}
