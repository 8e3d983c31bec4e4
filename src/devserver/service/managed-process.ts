// One child process that is kept running: started again after a crash, up to a limit, and ended on request.
//
// M1. `ready` is true of the process now running: it is left at once when that process ends.
// M2. After stop() has settled the process is gone, and none follows.

import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import { closeSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { identifyProcess, type ProcessIdentity } from '#process-identity';
import { AnnealError } from '../../errors/index.js';
import { guardProcess } from './guard-process.js';
import { logSize, openLog, readLogTail } from './log-file.js';
import type { ProcessState } from './protocol.js';

export interface ProcessPlan {
  readonly program: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
}

export interface ManagedProcessSpec {
  /** What to start, asked before every start. Throws an AnnealError when starting makes no sense. */
  readonly plan: () => Promise<ProcessPlan>;
  readonly logFile: string;
  /** Settles when the process can be used; the signal aborts when it has ended before. */
  readonly waitReady: (child: ChildProcess, signal: AbortSignal) => Promise<void>;
  /** The error after the last try, or at once when `isFinal`: trying again would end alike. */
  readonly explainExit: (logTail: string) => { error: AnnealError; isFinal: boolean };
  /** How it learns that this process is gone: by its standard input, or not at all (it is then killed). */
  readonly watches: 'stdin' | 'nothing';
  /** How it is told to end, and how long it may take before it is killed. */
  readonly stop: { readonly signal: NodeJS.Signals; readonly graceMs: number };
}

// The first crash is mended at once; one that comes again and again is a fault that no restart mends.
const BACKOFF_MS = [100, 500, 1000, 2000];
const CRASH_WINDOW_MS = 60_000;
const READY_TIMEOUT_MS = 60_000;

export class ManagedProcess {
  state: ProcessState = 'off';
  /** Why it is not started any more; set in state `failed`. */
  error: AnnealError | undefined;
  /** The process now running. */
  identity: ProcessIdentity | undefined;
  readonly #spec: ManagedProcessSpec;
  readonly #onChange: () => void;
  #child: ChildProcess | undefined;
  #life: Promise<void> | undefined;
  readonly #stopping = new AbortController();

  /** @param onChange  called after every change of state or identity */
  constructor(spec: ManagedProcessSpec, onChange: () => void) {
    this.#spec = spec;
    this.#onChange = onChange;
  }

  /** Starts it, unless it was started before. */
  start(): void {
    this.#life ??= this.#live();
  }

  /** Ends it for good (M2). */
  async stop(): Promise<void> {
    this.#stopping.abort();
    const child = this.#child;
    if (child !== undefined) {
      child.stdin?.end();
      child.kill(this.#spec.stop.signal);
      const kill = setTimeout(() => child.kill('SIGKILL'), this.#spec.stop.graceMs);
      await this.#life;
      clearTimeout(kill);
    }
    await this.#life;
  }

  async #live(): Promise<void> {
    const crashes: number[] = [];
    while (!this.#stopping.signal.aborted) {
      const logStart = logSize(this.#spec.logFile);
      const refusal = await this.#runOnce();
      if (this.#stopping.signal.aborted) break;
      const exit = this.#spec.explainExit(readLogTail(this.#spec.logFile, logStart));
      crashes.push(Date.now());
      const recent = crashes.filter((at) => at > Date.now() - CRASH_WINDOW_MS).length;
      if (refusal !== undefined || exit.isFinal || recent > BACKOFF_MS.length) {
        this.error = refusal ?? exit.error;
        return this.#change('failed');
      }
      await delay(BACKOFF_MS[recent - 1], undefined, { signal: this.#stopping.signal }).catch(
        () => undefined,
      );
    }
    this.#change('off');
  }

  /** One process from start to end; returns the error when there was nothing to start. */
  async #runOnce(): Promise<AnnealError | undefined> {
    this.#change('starting');
    let plan: ProcessPlan;
    try {
      plan = await this.#spec.plan();
    } catch (error) {
      if (error instanceof AnnealError) return error;
      throw error;
    }
    if (this.#stopping.signal.aborted) return undefined;
    const child = this.#spawn(plan);
    const ended = new AbortController();
    const exited = new Promise<void>((resolve) => {
      child.once('error', () => resolve());
      child.once('exit', () => resolve());
    }).then(() => ended.abort());
    const unguard =
      this.#spec.watches === 'nothing' && child.pid ? guardProcess(child.pid) : () => undefined;
    this.#watchReadiness(child, ended.signal);
    await exited;
    unguard();
    this.#child = undefined;
    this.identity = undefined; // M1
    return undefined;
  }

  #spawn({ program, args, env, cwd }: ProcessPlan): ChildProcess {
    const log = openLog(this.#spec.logFile);
    const input = this.#spec.watches === 'stdin' ? 'pipe' : 'ignore';
    const stdio: StdioOptions = [input, input === 'pipe' ? 'pipe' : log, log];
    const child = spawn(program, args, { env, cwd, stdio });
    closeSync(log);
    child.stdin?.on('error', () => undefined);
    this.#child = child;
    this.identity = child.pid === undefined ? undefined : identifyProcess(child.pid);
    this.#onChange();
    return child;
  }

  #watchReadiness(child: ChildProcess, ended: AbortSignal): void {
    const isTooLate = AbortSignal.timeout(READY_TIMEOUT_MS);
    this.#spec.waitReady(child, AbortSignal.any([ended, isTooLate])).then(
      () => ended.aborted || this.#change('ready'),
      () => ended.aborted || child.kill('SIGKILL'),
    );
  }

  #change(state: ProcessState): void {
    this.state = state;
    this.#onChange();
  }
}
