// A lease of the embedded service, from the command's side.
//
// L1. While it is open the service runs: a supervisor that was killed is replaced, on the same address.
// L2. The last lease to close returns when no process of the service is left.

import type { TemporalConnection } from '../../config/index.js';
import { AnnealError, configErrors } from '../../errors/index.js';
import type { Report } from '../report.js';
import type { Failure, Reply, ServiceState } from './protocol.js';
import { reachSupervisor, type ReachSupervisorRequest } from './reach-supervisor.js';
import type { ServiceLease } from './service-lease.js';
import { SupervisorConnection } from './supervisor-connection.js';
import { within } from './within.js';
import { workerSettings } from './worker-settings.js';

export interface EmbeddedLeaseRequest extends ReachSupervisorRequest {
  readonly needWorkers: boolean;
  readonly report: Report;
}

type Outcome = 'ready' | { readonly failure: Failure };

const READY_TIMEOUT_MS = 120_000;
// Workers get 10 s to hand back their tasks; the server and the supervisor end at once.
const END_TIMEOUT_MS = 20_000;
// A supervisor that ends while we connect was stopping; one that does so again and again is broken.
const MAX_ATTEMPTS = 5;

export class EmbeddedLease implements ServiceLease {
  readonly lost: Promise<never>;
  readonly #request: EmbeddedLeaseRequest;
  readonly #heldRuns = new Set<string>();
  #connection: SupervisorConnection | undefined;
  #state: ServiceState | undefined;
  #attaching: Promise<void> = Promise.resolve();
  #isClosing = false;
  #lose!: (error: unknown) => void;

  private constructor(request: EmbeddedLeaseRequest) {
    this.#request = request;
    this.lost = new Promise((_, reject) => (this.#lose = reject));
    this.lost.catch(() => undefined); // Whoever does not ask meets the loss as an unreachable server.
  }

  /** Settles when the server, and the workers if needed, can be used. */
  static async open(request: EmbeddedLeaseRequest): Promise<EmbeddedLease> {
    const lease = new EmbeddedLease(request);
    await lease.#attach();
    return lease;
  }

  get connection(): TemporalConnection {
    return { address: this.address, namespace: this.namespace };
  }

  get address(): string {
    return this.#state!.address;
  }

  get namespace(): string {
    return this.#state!.namespace;
  }

  get uiUrl(): string | undefined {
    return this.#state!.uiUrl;
  }

  get workersReady(): boolean {
    return this.#state!.workers === 'ready';
  }

  async hold(runId: string): Promise<void> {
    this.#heldRuns.add(runId);
    await this.#attaching;
    await this.#connection!.ask({ type: 'hold', runId }, (reply) =>
      reply.type === 'held' && reply.runId === runId ? reply : undefined,
    );
  }

  async close(): Promise<void> {
    if (this.#isClosing) return;
    this.#isClosing = true;
    await this.#attaching.catch(() => undefined);
    await release(this.#connection!);
  }

  async #attach(): Promise<void> {
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
      const connection = new SupervisorConnection(await reachSupervisor(this.#request), (state) =>
        this.#observe(state),
      );
      const outcome = await within(READY_TIMEOUT_MS, this.#lease(connection));
      if (outcome === undefined) continue;
      if (outcome !== 'ready') {
        await release(connection);
        throw outcome === 'timeout' ? this.#notReady() : toError(outcome.failure);
      }
      this.#connection = connection;
      void connection.ended.then(() => this.#recover());
      return;
    }
    throw this.#notReady();
  }

  #lease(connection: SupervisorConnection): Promise<Outcome | undefined> {
    const { needWorkers, settings } = this.#request;
    return connection.ask(
      { type: 'lease', needWorkers, workerSettings: workerSettings(settings) },
      (reply) => this.#readOutcome(reply),
    );
  }

  #readOutcome(reply: Reply): Outcome | undefined {
    if (reply.type === 'refused') return { failure: reply.failure };
    if (reply.type !== 'state' || reply.isStopping) return undefined;
    if (this.#isFailed(reply)) return { failure: reply.failure! };
    const isReady =
      reply.server === 'ready' && (!this.#request.needWorkers || reply.workers === 'ready');
    return isReady ? 'ready' : undefined;
  }

  #isFailed({ server, workers }: ServiceState): boolean {
    return server === 'failed' || (this.#request.needWorkers && workers === 'failed');
  }

  #observe(state: ServiceState): void {
    const before = this.#state;
    this.#state = state;
    if (this.#connection === undefined) return;
    if (this.#isFailed(state)) return this.#lose(toError(state.failure!));
    if (before?.server === 'ready' && state.server === 'starting') {
      this.#request.report('The Temporal server stopped; it is being started again.');
    }
    if (before?.workers === 'ready' && state.workers === 'starting') {
      this.#request.report('The workers stopped; they are being started again.');
    }
  }

  /** L1: the supervisor has gone and nobody asked it to. */
  async #recover(): Promise<void> {
    if (this.#isClosing) return;
    const { settings, report, paths } = this.#request;
    const { isStopping, address } = this.#state!;
    if (isStopping) return this.#lose(configErrors.serviceStopped(settings.home));
    report('The embedded service was lost; it is being started again.');
    try {
      await (this.#attaching = this.#attach());
      if (this.address !== address) {
        const reason = `its port (${address}) was taken by another program.`;
        throw configErrors.serviceNotStarted(reason, paths.logs.supervisor);
      }
      await Promise.all([...this.#heldRuns].map((runId) => this.hold(runId)));
    } catch (error) {
      this.#lose(error);
    }
  }

  #notReady(): AnnealError {
    const { server = 'off', workers = 'off' } = this.#state ?? {};
    const reason = `not ready in time (server ${server}, workers ${workers}).`;
    return configErrors.serviceNotStarted(reason, this.#request.paths.logs.supervisor);
  }
}

/** Gives a lease back and, when it was the last one, waits for the end of the service (L2). */
async function release(connection: SupervisorConnection): Promise<void> {
  const released = connection.ask({ type: 'release' }, (reply) =>
    reply.type === 'released' ? reply : undefined,
  );
  const ended = released.then((reply) => (reply?.wasLast ? connection.ended : undefined));
  await within(END_TIMEOUT_MS, ended);
  connection.end();
}

function toError({ message, ...options }: Failure): AnnealError {
  return new AnnealError(message, options);
}
