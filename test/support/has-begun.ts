import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Whether the first try of a task has a process of its own, in one run or any run of a home. */
export function hasBegun(home: string, task: string, runId?: string): boolean {
  const runs = join(home, 'store', 'runs');
  if (!existsSync(runs)) return false;
  const among = runId === undefined ? readdirSync(runs) : [runId];
  return among.some((run) =>
    existsSync(join(runs, run, 'tasks', task, '_attempts', '1', '_execution', 'lease.json')),
  );
}
