// The worker's side of a warm interpreter; the Python side is anneal_launcher/zygote.py.
//
// Z1. A zygote's death loses no task: supervisors are sessions of their own.

import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';

interface Answer {
  readonly ready?: true;
  readonly id?: number;
  readonly pid?: number;
  readonly error?: string;
}

interface Waiter {
  readonly resolve: (pid: number) => void;
  readonly reject: (error: Error) => void;
}

/** A process that forks supervisors. */
export class Zygote {
  private readonly child: ChildProcessByStdio<Writable, Readable, Readable>;
  private readonly waiters = new Map<number, Waiter>();
  private lastId = 0;
  private complaint = '';
  private ended = false;

  /**
   * @param python  interpreter of the environment
   * @param modules imported before the first fork
   */
  constructor(python: string, modules: readonly string[], env: Readonly<Record<string, string>>) {
    this.child = spawn(python, ['-m', 'anneal_launcher.zygote', ...modules], {
      env: { ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: true,
    });
    this.child.stderr.on('data', (chunk: Buffer) => {
      this.complaint = (this.complaint + chunk.toString()).slice(-2000);
    });
    this.child.stdin.on('error', () => undefined);
    this.child.on('error', (error) => this.fail(error));
    this.child.on('exit', () => this.fail(new Error(`the zygote ended: ${this.complaint}`)));
    createInterface({ input: this.child.stdout }).on('line', (line) => this.answer(line));
  }

  /** Whether it can still be asked. */
  get isUsable(): boolean {
    return !this.ended;
  }

  /** Forks a supervisor for a request file. Rejects when the zygote cannot; the task was not started. */
  launch(requestPath: string): Promise<number> {
    if (this.ended) return Promise.reject(new Error('the zygote has ended'));
    const id = (this.lastId += 1);
    return new Promise((resolve, reject) => {
      this.waiters.set(id, { resolve, reject });
      this.child.stdin.write(`${JSON.stringify({ id, request: requestPath })}\n`);
    });
  }

  /** Lets it end by itself. */
  async close(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null || this.ended) return;
    const gone = once(this.child, 'exit');
    this.child.stdin.end();
    await gone;
  }

  private answer(line: string): void {
    const message = JSON.parse(line) as Answer;
    const waiter = message.id === undefined ? undefined : this.waiters.get(message.id);
    if (waiter === undefined) return;
    this.waiters.delete(message.id!);
    if (message.pid !== undefined) waiter.resolve(message.pid);
    else waiter.reject(new Error(message.error));
  }

  private fail(error: Error): void {
    this.ended = true;
    for (const { reject } of this.waiters.values()) reject(error);
    this.waiters.clear();
  }
}
