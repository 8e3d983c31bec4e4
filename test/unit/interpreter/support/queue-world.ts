// Runs that ask one endpoint's queue for their turn, in a random order of everything that may happen: late and repeated
// questions, failed deployments, runs that are terminated while they wait or hold.

import type { TurnRequest } from '../../../../src/contract/index.js';
import { advanceAll, EMPTY_QUEUE } from '../../../../src/interpreter/index.js';
import type { DeployQueue, QueueEvent } from '../../../../src/interpreter/index.js';
import { Random } from './random.js';

interface SimulatedRun {
  readonly request: TurnRequest;
  state: 'idle' | 'waiting' | 'deploying' | 'done' | 'terminated';
  supersededBy?: string;
}

const STEPS = 60;

export class QueueWorld {
  private readonly random: Random;
  private readonly runs: SimulatedRun[];
  private readonly inbox: QueueEvent[] = [];
  private queue: DeployQueue = EMPTY_QUEUE;
  private readonly deployed: string[] = [];
  /** Runs that have held the turn. */
  private readonly held = new Set<string>();
  private fault: string | undefined;

  constructor(seed: number) {
    this.random = new Random(seed);
    const count = 1 + this.random.below(10);
    this.runs = Array.from({ length: count }, (_, index) => {
      const id = `run-${index}`;
      const acceptedAt = `2026-01-01T00:00:0${this.random.below(8)}.000Z`;
      const place = { task: 'deploy', endpoint: 'churn', acceptedAt };
      return { request: { id, runId: id, workflowId: id, ...place }, state: 'idle' };
    });
  }

  /** Lets everything happen. @returns what must not be; undefined when all is well */
  run(): string | undefined {
    for (let step = 0; step < STEPS; step += 1) this.act();
    while (this.fault === undefined && this.finish());
    const unanswered = this.runs.find(({ state }) => state === 'waiting' || state === 'deploying');
    if (unanswered !== undefined) this.fault ??= `${unanswered.request.id} was never answered`;
    this.checkWinner();
    return this.fault;
  }

  private act(): void {
    const run = this.random.pick(this.runs);
    const { request } = run;
    const chance = this.random.fraction();
    if (chance < 0.05) this.terminate(run);
    else if (chance < 0.15) this.lookForHolder();
    else if (chance < 0.3 && run.state !== 'idle') this.inbox.push({ kind: 'asked', request });
    else if (chance < 0.5) this.begin(run);
    else if (chance < 0.65) this.end(run, this.random.chance(0.7));
    else this.process();
  }

  /** One step towards the end of all. @returns false when nothing is left to do */
  private finish(): boolean {
    if (this.inbox.length > 0) this.process();
    else {
      const idle = this.runs.find(({ state }) => state === 'idle');
      const deploying = this.runs.find(({ state }) => state === 'deploying');
      if (deploying !== undefined) this.end(deploying, true);
      else if (idle !== undefined) this.begin(idle);
      else return this.lookForHolder();
    }
    return true;
  }

  private begin(run: SimulatedRun): void {
    if (run.state !== 'idle') return;
    run.state = 'waiting';
    this.inbox.push({ kind: 'asked', request: run.request });
  }

  private end(run: SimulatedRun, isDeployed: boolean): void {
    if (run.state !== 'deploying') return;
    run.state = 'done';
    if (isDeployed) {
      const last = this.deployed.at(-1) ?? '';
      if (run.request.acceptedAt < last) this.fault ??= `${run.request.id} came after a newer one`;
      this.deployed.push(run.request.acceptedAt);
    }
    this.inbox.push({ kind: 'ended', id: run.request.id, isDeployed });
  }

  private terminate(run: SimulatedRun): void {
    if (run.state !== 'done') run.state = 'terminated';
  }

  private lookForHolder(): boolean {
    const { holder, waiting } = this.queue;
    if (holder === undefined || waiting.length === 0) return false;
    if (this.runOf(holder.id).state !== 'terminated') return false;
    this.inbox.push({ kind: 'gone', id: holder.id });
    return true;
  }

  /** As the workflow does it: what came together is looked at together, then all are told. */
  private process(): void {
    const events = this.inbox.splice(0, 1 + this.random.below(4));
    const { queue, answers } = advanceAll(this.queue, events);
    this.queue = queue;
    this.inbox.push(
      ...answers.flatMap(({ id, granted, by }) => {
        const run = this.runOf(id);
        if (run.state === 'terminated') return [{ kind: 'gone', id } as const];
        if (granted) this.grant(run);
        else this.supersede(run, by!.runId);
        return [];
      }),
    );
  }

  private grant(run: SimulatedRun): void {
    if (run.state === 'done') {
      this.inbox.push({ kind: 'ended', id: run.request.id, isDeployed: false }); // given back
    }
    if (run.state !== 'waiting') return;
    const other = this.runs.find(({ state }) => state === 'deploying');
    if (other !== undefined) this.fault ??= `${run.request.id} runs beside ${other.request.id}`;
    run.state = 'deploying';
    this.held.add(run.request.id);
    this.inbox.push({ kind: 'taken', id: run.request.id });
  }

  private supersede(run: SimulatedRun, by: string): void {
    if (run.state !== 'waiting') return;
    run.state = 'done';
    run.supersededBy = by;
    const winner = this.runOf(by);
    if (!this.held.has(by)) this.fault ??= `${by} won without a turn`;
    if (winner.request.acceptedAt <= run.request.acceptedAt) this.fault ??= `${by} is not newer`;
  }

  /** What is served at the end is the newest of all that was deployed. */
  private checkWinner(): void {
    const newest = [...this.deployed].sort().at(-1);
    if (this.deployed.at(-1) !== newest) this.fault ??= 'the newest is not what is served';
  }

  private runOf(id: string): SimulatedRun {
    return this.runs.find(({ request }) => request.id === id)!;
  }
}
