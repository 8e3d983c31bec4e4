import { userInfo } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AnnealClient } from '../client/index.js';
import type { RunView } from '../contract/index.js';
import { clientErrors, isAnnealError } from '../errors/index.js';
import type { CliContext } from './cli-context.js';
import { runJson } from './output/run-json.js';
import { readClosedRun } from './read-run.js';
import { openWorkplace, withSession } from './session.js';

export interface PauseOptions {
  readonly reason?: string;
}

// The workflow takes a signal within a second when a worker is there.
const EFFECT_MS = 10_000;
const POLL_MS = 200;

/** Keeps a run from starting tasks. @throws E_NOT_FOUND, E_STATE */
export async function pauseRun(
  context: CliContext,
  runId: string,
  { reason }: PauseOptions,
): Promise<void> {
  const by = userInfo().username;
  const view = await control(context, runId, {
    action: 'paused',
    ask: (client) => client.pause(runId, { by, reason }),
    isDone: ({ paused }) => paused !== undefined,
  });
  const running = view?.tasks.filter(({ status, kind }) => status === 'running' && isLeaf(kind));
  const rest = running?.length
    ? ` Still to end: ${running.map(({ name }) => name).join(', ')}.`
    : '';
  report(context, runId, view, `is paused: no task starts.${rest} Go on: anneal resume ${runId}`);
}

/** Lets a paused run go on. @throws E_NOT_FOUND, E_STATE */
export async function resumeRun(context: CliContext, runId: string): Promise<void> {
  const view = await control(context, runId, {
    action: 'resumed',
    ask: (client) => client.resume(runId),
    isDone: ({ paused }) => paused === undefined,
  });
  report(context, runId, view, `goes on. Follow it: anneal watch ${runId}`);
}

interface Control {
  /** Completes "cannot be …". */
  readonly action: string;
  readonly ask: (client: AnnealClient) => Promise<void>;
  readonly isDone: (view: RunView) => boolean;
}

/** @returns the run once it has heard, undefined when nobody is there to tell it yet */
async function control(
  context: CliContext,
  runId: string,
  { action, ask, isDone }: Control,
): Promise<RunView | undefined> {
  const workplace = await openWorkplace(context);
  const closed = await readClosedRun(workplace.store, runId);
  if (closed !== undefined) throw clientErrors.wrongState(runId, closed.status, action);
  return withSession(context, workplace, true, async ({ client, lease }) => {
    await ask(client);
    const view = await heard(client, runId, isDone);
    const isGoingOn = view?.status === 'running' && view.paused === undefined;
    if (isGoingOn) await lease.hold(runId);
    return view;
  });
}

async function heard(
  client: AnnealClient,
  runId: string,
  isDone: (view: RunView) => boolean,
): Promise<RunView | undefined> {
  for (const end = Date.now() + EFFECT_MS; Date.now() < end; await sleep(POLL_MS)) {
    try {
      const view = await client.show(runId);
      if (view.status !== 'running' || isDone(view)) return view;
    } catch (error) {
      if (!isAnnealError(error) || error.code !== 'E_WORKER') throw error;
    }
  }
  return undefined;
}

function report(
  { output }: CliContext,
  runId: string,
  view: RunView | undefined,
  effect: string,
): void {
  output.json(view === undefined ? { runId, status: 'running' } : runJson(view));
  if (view === undefined) {
    output.result(`Run ${runId} has been told; it will know when a worker is there.`);
  } else if (view.status === 'running') output.result(`Run ${runId} ${effect}`);
  else output.result(`Run ${runId} has ${view.status} meanwhile.`);
}

function isLeaf(kind: RunView['tasks'][number]['kind']): boolean {
  return kind !== 'dag' && kind !== 'loop';
}
