// The command line on a home of its own: as a process, or as the same program's code called from here.

import { mkdirSync, mkdtempSync, readFileSync, readdirSync, readlinkSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { execa } from 'execa';
import type { ResultPromise } from 'execa';
import type { runCli } from '../../src/cli/run-cli.js';
import { waitUntil } from './wait-until.js';

const PROJECT = new URL('../../', import.meta.url).pathname;
const CLI = join(PROJECT, 'dist/src/cli/main.js');
const UP_MS = 240_000;

interface Program {
  readonly runCli: typeof runCli;
}

/** What one command printed, and its exit code. */
export interface Answer {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

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

  private service: ResultPromise | undefined;

  constructor(private readonly environment: Record<string, string> = {}) {
    mkdirSync(this.folder);
    mkdirSync(this.temporary);
  }

  /** Starts a command as a process and leaves it running. */
  start(...args: readonly string[]): ResultPromise {
    return execa(process.execPath, [CLI, ...args], {
      cwd: PROJECT,
      reject: false,
      stdin: 'ignore',
      env: this.variables(),
    });
  }

  /**
   * Starts `anneal dev`, so that the commands that follow share one service; `close` ends it.
   * @returns the address of its Temporal server
   */
  async serve(...flags: readonly string[]): Promise<string> {
    this.service = this.start('dev', ...flags, '--json');
    let printed = '';
    this.service.stdout!.on('data', (chunk: Buffer) => (printed += chunk.toString()));
    const state = await waitUntil('the service is up', () => read(printed), UP_MS);
    return state.address;
  }

  /** Runs a command to its end, as a process. */
  async spawn(...args: readonly string[]): Promise<Answer> {
    const { exitCode, stdout, stderr } = await this.start(...args);
    return { exitCode: exitCode ?? -1, stdout: String(stdout), stderr: String(stderr) };
  }

  /**
   * Runs a command to its end, in this process: a tenth of the cost, most of which is loading the program.
   * A home with variables of its own takes a process: credentials and secrets are read from its own variables.
   */
  async call(...args: readonly string[]): Promise<Answer> {
    if (Object.keys(this.environment).length > 0) return this.spawn(...args);
    const program = await loadProgram();
    const [stdout, stderr] = [new Printed(), new Printed()];
    const exitCode = await program.runCli(args, {
      cwd: PROJECT,
      env: { ...process.env, ...this.variables() },
      stdin: process.stdin,
      stdout,
      stderr,
    });
    return { exitCode, stdout: stdout.text, stderr: stderr.text };
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

  private variables(): Record<string, string | undefined> {
    return {
      ANNEAL_HOME: this.folder,
      ANNEAL_PYTHON_ENV: TEST_PYTHON,
      ANNEAL_HEARTBEAT_SECONDS: '3',
      TMPDIR: this.temporary,
      NO_COLOR: '1',
      // The AWS SDK would ask an address off this machine for credentials.
      AWS_EC2_METADATA_DISABLED: 'true',
      ...this.environment,
    };
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

  /** Stops every endpoint and the service, and removes the home. */
  async close(): Promise<void> {
    const { stdout } = await this.call('endpoints', 'list', '--json');
    const { endpoints = [] } = JSON.parse(stdout || '{}') as { endpoints?: { name: string }[] };
    for (const { name } of endpoints) await this.call('endpoints', 'stop', name);
    this.service?.kill('SIGINT');
    await this.service;
    for (const { pid } of this.processes()) process.kill(pid, 'SIGKILL');
    rmSync(this.project, { recursive: true, force: true });
  }
}

/** The exit code of a command as a shell reports it: of one that a signal ended, 128 and the signal's number. */
export function shellCode({ exitCode, signal }: Awaited<ResultPromise>): number | undefined {
  return signal === undefined ? exitCode : 128 + constants.signals[signal];
}

/** What `anneal dev --json` has printed, once it is whole. */
function read(printed: string): { readonly address: string } | undefined {
  return printed.endsWith('}\n') ? (JSON.parse(printed) as { address: string }) : undefined;
}

/** The program as it was built; loaded once by each file of tests. */
async function loadProgram(): Promise<Program> {
  return (await import(join(PROJECT, 'dist/src/cli/run-cli.js'))) as Program;
}

/** A stream that keeps what is written to it, without the line break at its end. */
class Printed extends Writable {
  private readonly chunks: Buffer[] = [];

  get text(): string {
    return Buffer.concat(this.chunks).toString('utf8').replace(/\n$/, '');
  }

  override _write(chunk: Buffer, _: BufferEncoding, done: () => void): void {
    this.chunks.push(chunk);
    done();
  }
}
