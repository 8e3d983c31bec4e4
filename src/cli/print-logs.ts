import { setTimeout as sleep } from 'node:timers/promises';
import type { AnnealClient } from '../client/index.js';
import type { RunView, TaskView } from '../contract/index.js';
import type { ArtifactStore } from '../storage/index.js';
import type { CliContext } from './cli-context.js';
import { interruptible } from './interruption.js';
import { readClosedRun } from './read-run.js';
import { openWorkplace, withSession } from './session.js';
import { chooseTask, logKeyOf, readLog } from '../client/index.js';

export interface LogsOptions {
  readonly follow?: boolean;
  readonly tail?: number;
}

// Soon enough to feel live, rare enough to cost nothing.
const POLL_MS = 300;

/** Prints a task's log, and with --follow what is added until the task has ended. */
export async function printLogs(
  context: CliContext,
  runId: string,
  wanted: string | undefined,
  options: LogsOptions,
): Promise<void> {
  const workplace = await openWorkplace(context);
  const { store } = workplace;
  const closed = await readClosedRun(store, runId);
  if (closed !== undefined) return printOnce(context, store, closed, wanted, options);
  await withSession(context, workplace, true, async ({ client }) => {
    const view = await client.show(runId);
    if (options.follow !== true) return printOnce(context, store, view, wanted, options);
    return follow(context, store, client, view, chooseTask(view, wanted).name);
  });
}

async function printOnce(
  { output }: CliContext,
  store: ArtifactStore,
  view: RunView,
  wanted: string | undefined,
  { tail }: LogsOptions,
): Promise<void> {
  const task = chooseTask(view, wanted);
  const { bytes } = await readLog(store, await logKeyOf(store, view.runId, task));
  const log = lastLines(Buffer.from(bytes).toString('utf8'), tail);
  output.json({ runId: view.runId, task: task.name, status: task.status, log });
  if (log === '') output.progress(`Task ${task.name} has written nothing.`);
  else output.result(log.trimEnd());
}

async function follow(
  { output }: CliContext,
  store: ArtifactStore,
  client: AnnealClient,
  first: RunView,
  task: string,
): Promise<void> {
  await interruptible(async ({ signal }) => {
    let view = first;
    for (let end = 0; !signal.aborted; view = await client.show(view.runId)) {
      const state = chooseTask(view, task);
      const added = await readLog(store, await logKeyOf(store, view.runId, state), end);
      end = added.end;
      output.streams.stdout.write(added.bytes);
      if (isOver(state)) return;
      await sleep(POLL_MS, undefined, { signal }).catch(() => undefined);
    }
  });
}

function isOver({ status }: TaskView): boolean {
  return status !== 'pending' && status !== 'running';
}

function lastLines(text: string, count: number | undefined): string {
  if (count === undefined) return text;
  return count === 0 ? '' : text.trimEnd().split('\n').slice(-count).join('\n');
}
