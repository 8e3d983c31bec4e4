// A home of its own for each test, with the real Temporal server and a stand-in worker.

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { vi } from 'vitest';
import { isSameProcessAlive, type ProcessIdentity } from '#process-identity';
import { readLockHolder } from '#process-lock';
import { loadSettings, type Settings } from '../../../src/config/index.js';
import { openService, type ServiceLease } from '../../../src/devserver/index.js';
import { servicePaths, type ServicePaths } from '../../../src/devserver/service/service-paths.js';

export const TEST_PYTHON = process.env['ANNEAL_TEST_PYTHON'];
/** Part of a title, so that a skipped suite says what it lacks. */
export const NEEDS = 'with a real Temporal server (skipped unless ANNEAL_TEST_PYTHON is set)';
export const WORKER = standIn('worker.mjs');

export interface Processes {
  readonly supervisor: ProcessIdentity;
  readonly server: ProcessIdentity;
  readonly worker: ProcessIdentity;
}

export class ServiceHarness {
  readonly home: string;
  readonly settings: Settings;
  readonly paths: ServicePaths;
  readonly reports: string[] = [];
  readonly #leases: ServiceLease[] = [];
  readonly #commands: ChildProcess[] = [];

  constructor(environment: NodeJS.ProcessEnv = {}, folder = '') {
    this.home = path.join(mkdtempSync(path.join(tmpdir(), 'anneal-service-')), folder, '.anneal');
    this.settings = loadSettings({
      ANNEAL_HOME: this.home,
      ANNEAL_PYTHON_ENV: TEST_PYTHON,
      ...environment,
    });
    this.paths = servicePaths(this.home);
  }

  async open(
    options: { workerScript?: string; needWorkers?: boolean; settings?: Settings } = {},
  ): Promise<ServiceLease> {
    const lease = await openService(options.settings ?? this.settings, {
      needWorkers: options.needWorkers ?? true,
      workerScript: options.workerScript ?? WORKER,
      report: (message) => this.reports.push(message),
    });
    this.#leases.push(lease);
    return lease;
  }

  /** A command in a process, and process group, of its own; settles when its lease is open. */
  async startCommand(): Promise<{ child: ChildProcess; address: string }> {
    const temporalCli = path.join(path.dirname(TEST_PYTHON!), 'temporal');
    const args = [standIn('command.mjs'), this.home, temporalCli, TEST_PYTHON!, WORKER];
    const child = spawn(process.execPath, args, {
      detached: true,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.#commands.push(child);
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    return { child, address: line.toString().trim() };
  }

  /** The processes now running, by the lock and the state file. */
  processes(): Processes {
    const { processes } = JSON.parse(readFileSync(this.paths.state, 'utf8')) as {
      processes: [ProcessIdentity, ProcessIdentity];
    };
    const [server, worker] = processes;
    return { supervisor: readLockHolder(this.paths.lock)!, server, worker };
  }

  /** Waits until none of the processes runs any more. */
  async gone(processes: Partial<Processes>): Promise<void> {
    await vi.waitFor(
      () => {
        const alive = Object.entries(processes).filter(([, one]) => isSameProcessAlive(one));
        if (alive.length > 0) throw new Error(`still alive: ${alive.map(([name]) => name).join()}`);
      },
      { timeout: 15_000, interval: 20 },
    );
  }

  /** What a stopped service has left in its folder, except logs and the database. */
  leftovers(): string[] {
    const { lock, socket, state } = this.paths;
    return [lock, socket, state].filter((file) => existsSync(file));
  }

  async dispose(): Promise<void> {
    this.#commands.forEach((child) => child.kill('SIGKILL'));
    await Promise.all(this.#leases.map((lease) => lease.close()));
    await vi.waitFor(() => {
      if (readLockHolder(this.paths.lock) !== undefined) throw new Error('the service still runs');
    }, 20_000);
    rmSync(path.dirname(this.home), { recursive: true, force: true });
  }
}

function standIn(name: string): string {
  return path.join(import.meta.dirname, 'stand-ins', name);
}
