// The process that owns the embedded service of one home, and who needs it.
//
// V1. One supervisor per home: the caller holds the lock for the supervisor's whole life.
// V2. It lives as long as a lease or a hold does, then ends the processes, the socket and itself.
// V3. Once it has begun to stop it gives no lease: those who ask are told, and wait for the next supervisor.

import { chmodSync, mkdirSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import path from 'node:path';
import { configErrors, type AnnealError } from '../../errors/index.js';
import { LineConnection } from './line-connection.js';
import {
  requestSchema,
  type Failure,
  type Reply,
  type Request,
  type ServiceState,
} from './protocol.js';
import { ServiceProcesses, type ServiceProcessesOptions } from './service-processes.js';
import { EMBEDDED_NAMESPACE } from './temporal-server.js';
import { describeDifference, workerSettings } from './worker-settings.js';

type Peer = LineConnection<Request, Reply>;

// A command connects within milliseconds of starting a supervisor; if none has by then, it was killed.
const FIRST_LEASE_MS = 10_000;

export class Supervisor {
  readonly #socketPath: string;
  readonly #workerSettings: Readonly<Record<string, string>>;
  readonly #processes: ServiceProcesses;
  readonly #peers = new Set<Peer>();
  readonly #leases = new Set<Peer>();
  readonly #listener: Server;
  /** Until the first lease; nobody needs the service yet, and that is no reason to stop. */
  #firstLease: NodeJS.Timeout | undefined;
  #isStopping = false;
  #markStopped!: () => void;
  readonly #stopped = new Promise<void>((resolve) => (this.#markStopped = resolve));
  #lastLog = '';

  constructor(options: ServiceProcessesOptions) {
    this.#socketPath = options.paths.socket;
    this.#workerSettings = workerSettings(options.settings);
    this.#processes = new ServiceProcesses(options, () => this.#changed());
    this.#listener = createServer((socket) => this.#welcome(socket));
    this.#firstLease = setTimeout(() => this.stop(), FIRST_LEASE_MS);
  }

  /** Serves until nobody needs the service, or stop() is called; then nothing is left but this process. */
  async run(): Promise<void> {
    await this.#listen();
    await this.#processes.start();
    await this.#stopped;
  }

  /** Ends everything; run() settles when that is done. */
  stop(): void {
    if (this.#isStopping) return;
    this.#isStopping = true;
    this.#endWaiting();
    this.#listener.close();
    rmSync(this.#socketPath, { force: true });
    this.#broadcast();
    void this.#processes.stop().then(this.#markStopped);
  }

  async #listen(): Promise<void> {
    mkdirSync(path.dirname(this.#socketPath), { recursive: true, mode: 0o700 });
    rmSync(this.#socketPath, { force: true }); // V1: nobody else listens there
    await new Promise<void>((resolve, reject) => {
      this.#listener.once('error', reject);
      this.#listener.listen(this.#socketPath, resolve);
    });
    chmodSync(this.#socketPath, 0o600);
  }

  #welcome(socket: Socket): void {
    const peer: Peer = new LineConnection(
      socket,
      requestSchema,
      (request) => this.#answer(peer, request),
      () => this.#dismiss(peer),
    );
    this.#peers.add(peer);
  }

  #dismiss(peer: Peer): void {
    this.#peers.delete(peer);
    if (this.#leases.delete(peer)) this.#stopIfUnused();
  }

  #answer(peer: Peer, request: Request): void {
    switch (request.type) {
      case 'lease':
        return this.#lease(peer, request);
      case 'hold':
        this.#processes.holds.add(request.runId);
        return peer.send({ type: 'held', runId: request.runId });
      case 'release':
        this.#leases.delete(peer);
        this.#stopIfUnused();
        return peer.send({ type: 'released', wasLast: this.#isStopping });
      case 'status':
        return peer.send(this.#state());
      case 'stop':
        this.stop();
    }
  }

  #lease(peer: Peer, request: Request & { type: 'lease' }): void {
    if (this.#isStopping) return peer.send(this.#state()); // V3
    const difference = describeDifference(this.#workerSettings, request.workerSettings);
    if (request.needWorkers && difference !== undefined) {
      const failure = toFailure(configErrors.serviceDiffers(difference));
      return peer.send({ type: 'refused', failure });
    }
    this.#endWaiting();
    this.#leases.add(peer);
    if (request.needWorkers) this.#processes.startWorkers();
    this.#broadcast();
  }

  #changed(): void {
    this.#broadcast();
    this.#stopIfUnused();
  }

  #endWaiting(): void {
    clearTimeout(this.#firstLease);
    this.#firstLease = undefined;
  }

  #stopIfUnused(): void {
    const isUsed = this.#leases.size > 0 || this.#processes.holds.runIds.length > 0;
    if (!isUsed && this.#firstLease === undefined) this.stop();
  }

  #broadcast(): void {
    const state = this.#state();
    this.#log(state);
    this.#leases.forEach((lease) => lease.send(state));
  }

  #log({ server, workers, leases, holds, isStopping, address }: ServiceState): void {
    const needs = `${leases} leases, ${holds.length} holds${isStopping ? ', stopping' : ''}`;
    const line = `server ${server} at ${address}, workers ${workers}, ${needs}`;
    if (line === this.#lastLog) return;
    this.#lastLog = line;
    console.log(new Date().toISOString(), line);
  }

  #state(): ServiceState {
    const { server, workers, holds, address, uiUrl, error } = this.#processes;
    return {
      type: 'state',
      isStopping: this.#isStopping,
      pid: process.pid,
      address,
      namespace: EMBEDDED_NAMESPACE,
      uiUrl,
      server: server.state,
      workers: workers.state,
      leases: this.#leases.size,
      holds: holds.runIds,
      failure: error && toFailure(error),
    };
  }
}

function toFailure({ code, message, hint, where }: AnnealError): Failure {
  return { code, message, hint, where };
}
