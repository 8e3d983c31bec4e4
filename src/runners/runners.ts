// The runners of one worker, each made when a run first asks for it.
//
// N1. A runner that cannot be opened now is asked for again by the next task: a daemon may have come up.

import type { RunnerName } from '../contract/index.js';
import { runnerNotOffered } from '../errors/task.js';
import type { Runner } from './runner.js';

export interface Runners {
  /** The one that runs go to when they name none. */
  readonly defaultName: RunnerName;
  /** @throws E_RUNNER when this worker does not offer it; whatever opening it throws */
  get(name?: RunnerName): Promise<Runner>;
  /** Drops what the runners keep for the tasks of one run. */
  endRun(runId: string): Promise<void>;
  /** Ends everything that this worker started. */
  close(): Promise<void>;
}

export type OpenRunner = () => Promise<Runner> | Runner;

/** Offers runners that are opened at first use. */
export function offerRunners(
  defaultName: RunnerName,
  offered: Readonly<Partial<Record<RunnerName, OpenRunner>>>,
): Runners {
  const opened = new Map<RunnerName, Promise<Runner>>();

  const open = (name: RunnerName): Promise<Runner> => {
    const opener = offered[name];
    if (opener === undefined) throw runnerNotOffered(name, Object.keys(offered));
    const runner = Promise.resolve().then(opener);
    opened.set(name, runner);
    runner.catch(() => opened.delete(name)); // N1
    return runner;
  };
  const each = async (work: (runner: Runner) => Promise<void> | undefined): Promise<void> => {
    await Promise.all([...opened.values()].map((runner) => runner.then(work, () => undefined)));
  };

  return {
    defaultName,
    get: async (name = defaultName) => opened.get(name) ?? open(name),
    endRun: (runId) => each((runner) => runner.endRun?.(runId)),
    close: () => each((runner) => runner.close()),
  };
}
