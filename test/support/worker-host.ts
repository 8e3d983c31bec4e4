// One machine of a cluster: a home of its own, a worker on it, and the tasks that it started.

import type { ResultPromise } from 'execa';
import { workerIdentity } from '../../workers/worker-identity.js';
import { AnnealHome } from './anneal-cli.js';
import { waitUntil } from './wait-until.js';

export class WorkerHost {
  readonly home: AnnealHome;
  private worker: ResultPromise | undefined;

  /** @param environment  settings of its worker, the address of the server among them */
  constructor(environment: Record<string, string>) {
    this.home = new AnnealHome(environment);
  }

  /** Its name in lineage. */
  get name(): string {
    return workerIdentity(this.home.folder).host;
  }

  /** Starts the worker, unless it runs, and waits until it polls. */
  async start(...args: readonly string[]): Promise<void> {
    if (this.worker?.exitCode === null && this.worker.signalCode === null) return;
    const worker = this.home.start('worker', ...args);
    this.worker = worker;
    let said = '';
    worker.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
    await waitUntil('the worker polls', () => {
      if (worker.exitCode !== null) throw new Error(`the worker ended: ${said}`);
      return said.includes('Worker ready');
    });
  }

  /** Tells the worker to stop. @returns its exit code */
  async stop(signal: 'SIGTERM' | 'SIGINT' = 'SIGTERM'): Promise<number | undefined> {
    this.worker?.kill(signal);
    return (await this.worker)?.exitCode;
  }

  /** Sends the worker a signal and does not wait. */
  signal(signal: 'SIGTERM' | 'SIGINT'): void {
    this.worker?.kill(signal);
  }

  /** Ends all of it at once, as when the power fails. @returns how many processes that were */
  powerOff(): number {
    const all = this.home.processes();
    for (const { pid } of all) process.kill(pid, 'SIGKILL');
    return all.length;
  }

  async close(): Promise<void> {
    this.powerOff();
    await this.worker;
    await this.home.close();
  }
}
