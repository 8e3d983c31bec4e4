// How a run, or a slice of it, waits for its turn at an endpoint.
//
// T1. The question is asked again from time to time: a queue that was ended from outside starts anew with it.
// T2. A turn that nobody here waits for is given back at once.
// T3. Giving back outlives a cancellation; a queue that is not there needs nothing back.

import {
  CancellationScope,
  condition,
  defineSignal,
  getExternalWorkflowHandle,
  proxyLocalActivities,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { deployLockId, END_TURN_SIGNAL, TAKE_TURN_SIGNAL, TURN_SIGNAL } from '../contract/index.js';
import type { AnnealActivities, Turn, TurnAnswer, TurnEnd } from '../contract/index.js';
import { patientActivity } from './activity-options.js';

const turnSignal = defineSignal<[TurnAnswer]>(TURN_SIGNAL);
const takeSignal = defineSignal<[string]>(TAKE_TURN_SIGNAL);
const endSignal = defineSignal<[TurnEnd]>(END_TURN_SIGNAL);

const FIRST_PATIENCE_MS = 30_000;
const LONGEST_PATIENCE_MS = 300_000;

interface AwaitedTurn {
  readonly turn: Turn;
  answer?: TurnAnswer;
}

/** Takes the answers of endpoints' queues. Made before anything else happens in a workflow. */
export class DeployTurns {
  private readonly awaited = new Map<string, AwaitedTurn>();

  constructor() {
    setHandler(turnSignal, (answer) => this.hear(answer));
  }

  /** Waits for the queue's answer; a turn that was granted must be ended. @throws CancelledFailure */
  async take(turn: Turn): Promise<TurnAnswer> {
    const awaited: AwaitedTurn = { turn };
    this.awaited.set(turn.id, awaited);
    try {
      const answer = await answerTo(awaited);
      if (answer.granted) void confirm(turn);
      else this.awaited.delete(turn.id);
      return answer;
    } catch (error) {
      await this.end(turn, false);
      throw error;
    }
  }

  /** Lets the next one have the turn (T3). */
  async end(turn: Turn, isDeployed: boolean): Promise<void> {
    this.awaited.delete(turn.id);
    await CancellationScope.nonCancellable(() => giveBack(turn.endpoint, turn.id, isDeployed));
  }

  private hear(answer: TurnAnswer): void {
    const awaited = this.awaited.get(answer.id);
    if (awaited !== undefined) awaited.answer = answer;
    else if (answer.granted) void giveBack(answer.endpoint, answer.id, false); // T2
  }
}

async function answerTo(awaited: AwaitedTurn): Promise<TurnAnswer> {
  const { turn } = awaited;
  const summary = `${turn.task}: turn at ${turn.endpoint}`;
  const { askForTurn } = proxyLocalActivities<AnnealActivities>(patientActivity(summary));
  const { workflowId } = workflowInfo();
  for (let patienceMs = FIRST_PATIENCE_MS; ; patienceMs *= 2) {
    await askForTurn({ ...turn, workflowId }); // T1
    const limitMs = Math.min(patienceMs, LONGEST_PATIENCE_MS);
    await condition(() => awaited.answer !== undefined, limitMs, { summary });
    if (awaited.answer !== undefined) return awaited.answer;
  }
}

/** Says that this run goes on; the deployment need not wait for it. */
async function confirm({ endpoint, id }: Turn): Promise<void> {
  await getExternalWorkflowHandle(deployLockId(endpoint))
    .signal(takeSignal, id)
    .catch(() => undefined);
}

async function giveBack(endpoint: string, id: string, isDeployed: boolean): Promise<void> {
  const end: TurnEnd = { id, isDeployed };
  await getExternalWorkflowHandle(deployLockId(endpoint))
    .signal(endSignal, end)
    .catch(() => undefined); // T3
}
