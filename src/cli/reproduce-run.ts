// `anneal reproduce`: runs a certified run again and compares what it makes, bit by bit.

import {
  compareLocks,
  firstDifference,
  reproduction,
  runFailure,
  type LockComparison,
} from '../client/index.js';
import type { ArtifactStore } from '../storage/index.js';
import type { CliContext } from './cli-context.js';
import { findLock, lockOfRun } from './find-lock.js';
import { interruptedRun } from './interrupted-run.js';
import { interruptible } from './interruption.js';
import { followRun } from './live/follow-run.js';
import { errorText } from './output/error-text.js';
import { reproductionText, type LocatedDifference } from './output/reproduction-text.js';
import { openWorkplace, withSession } from './session.js';

export interface ReproduceOptions {
  readonly runId?: string;
}

/** Exit code when the runs made different things, or the second did not end well. */
const DIFFERENT = 1;

/** Runs it again. @param wanted  a run, or a certificate's file. @returns 0 when all is identical, else 1 */
export async function reproduceRun(
  context: CliContext,
  wanted: string,
  { runId: newId }: ReproduceOptions,
): Promise<number> {
  const { output } = context;
  const workplace = await openWorkplace(context);
  const { store } = workplace;
  const lock = await findLock(context, workplace, wanted);
  return withSession(context, workplace, true, async (session) => {
    const { runId } = await session.client.start({ ...reproduction(lock), runId: newId });
    output.progress(output.colors.dim(`Run ${runId} repeats ${lock.runId}`));
    const view = await interruptible(({ signal }) =>
      followRun(session.client, runId, output, signal),
    );
    if (view === undefined) throw interruptedRun(runId, session.isEmbedded);
    const failure = runFailure(view);
    if (failure !== undefined && lock.status === 'succeeded') {
      output.message(errorText(failure, output.colors, false));
    }
    const comparison = compareLocks(lock, await lockOfRun(context, workplace, runId));
    const differences = await locate(store, comparison);
    const result = { runId: lock.runId, reproducedAs: runId, ...comparison, differences };
    output.json(result);
    output.result(reproductionText(result, output.resultColors));
    return comparison.identical && view.status === lock.status ? 0 : DIFFERENT;
  });
}

async function locate(
  store: ArtifactStore,
  { differences }: LockComparison,
): Promise<LocatedDifference[]> {
  return Promise.all(
    differences.map(async ({ artifacts, ...difference }) => {
      const bytes = artifacts && (await firstDifference(store, artifacts.before, artifacts.after));
      return bytes === undefined ? difference : { ...difference, bytes };
    }),
  );
}
