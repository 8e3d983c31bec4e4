import type { RunJson, TaskJson } from './anneal-cli.js';

/** The task of a run whose path ends with a name. */
export function taskNamed(run: RunJson, name: string): TaskJson {
  const task = run.tasks.find((each) => each.name.split('/').at(-1) === name);
  if (task !== undefined) return task;
  throw new Error(`no task ${name} in ${run.tasks.map((each) => each.name).join(', ')}`);
}
