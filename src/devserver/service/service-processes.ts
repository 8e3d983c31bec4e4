// The Temporal server and the workers of one home, as one thing that can be started and stopped.
//
// N1. What a killed predecessor left running is ended before anything is started; its ports and holds go on.
// N2. The state file names every process from the moment it runs until it has ended.
// N3. Workers stop before the server: they hand their tasks back to it.

import type { Connection } from '@temporalio/client';
import type { Settings } from '../../config/index.js';
import type { AnnealError } from '../../errors/index.js';
import { endProcess } from './end-process.js';
import { findFreePorts, isPortFree } from './free-ports.js';
import { ManagedProcess } from './managed-process.js';
import { RunHolds } from './run-holds.js';
import type { ServicePaths } from './service-paths.js';
import {
  readSupervisorState,
  removeSupervisorState,
  writeSupervisorState,
} from './supervisor-state.js';
import { temporalServer, type ServerPorts } from './temporal-server.js';
import { workerProcess } from './worker-process.js';

export interface ServiceProcessesOptions {
  readonly settings: Settings;
  readonly paths: ServicePaths;
  readonly temporalCli: string;
  readonly workerScript: string;
}

// Workers of a killed supervisor hand their tasks back on their own; see workerProcess.
const LEFTOVER_GRACE_MS = 10_000;

export class ServiceProcesses {
  readonly server: ManagedProcess;
  readonly workers: ManagedProcess;
  readonly holds: RunHolds;
  readonly #paths: ServicePaths;
  readonly #onChange: () => void;
  #ports: ServerPorts | undefined;
  /** To the server now running; replaced when it is started again. */
  #connection: Connection | undefined;
  #hasUi = false;
  #isStarted = false;
  #isStopped = false;
  #needsWorkers = false;

  /** @param onChange  called after every change that a command may want to know of */
  constructor(
    { settings, paths, temporalCli, workerScript }: ServiceProcessesOptions,
    onChange: () => void,
  ) {
    this.#paths = paths;
    this.#onChange = onChange;
    const changed = (): void => this.#changed();
    this.holds = new RunHolds(() => this.#connection, changed);
    this.server = new ManagedProcess(
      temporalServer({
        temporalCli,
        database: paths.database,
        logFile: paths.logs.server,
        cwd: settings.projectFolder,
        choosePorts: () => this.#choosePorts(),
        onReady: (connection, hasUi) => this.#adoptConnection(connection, hasUi),
      }),
      changed,
    );
    this.workers = new ManagedProcess(
      workerProcess({
        settings,
        script: workerScript,
        logFile: paths.logs.workers,
        address: () => this.address,
      }),
      changed,
    );
  }

  /** `host:port`; known from the first start of the server on. */
  get address(): string {
    return `127.0.0.1:${this.#ports?.grpc ?? 0}`;
  }

  get uiUrl(): string | undefined {
    return this.#hasUi ? `http://127.0.0.1:${this.#ports!.ui}` : undefined;
  }

  /** Why the service cannot do its work any more. */
  get error(): AnnealError | undefined {
    return this.server.error ?? this.workers.error;
  }

  /** Ends what was left behind (N1) and starts the server, and the workers if they are wanted by then. */
  async start(): Promise<void> {
    const left = readSupervisorState(this.#paths.state);
    await Promise.all(left?.processes.map((one) => endProcess(one, LEFTOVER_GRACE_MS)) ?? []);
    if (left !== undefined && (await areFree(left.ports))) this.#ports = left.ports;
    await this.#choosePorts();
    if (this.#isStopped) return;
    this.#isStarted = true;
    this.server.start();
    if (this.#needsWorkers || left?.holds.length) this.workers.start();
    left?.holds.forEach((runId) => this.holds.add(runId));
  }

  /** Starts the workers beside the server; they wait for it on their own. */
  startWorkers(): void {
    this.#needsWorkers = true;
    if (this.#isStarted) this.workers.start();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.workers.stop(); // N3
    await this.server.stop();
    await this.#connection?.close();
    removeSupervisorState(this.#paths.state);
  }

  /** Ports stay the same once a server has been ready on them: clients know them. */
  async #choosePorts(): Promise<ServerPorts> {
    const isKnown = this.#connection !== undefined;
    if (this.#ports === undefined || !(isKnown || (await areFree(this.#ports)))) {
      const [grpc, ui, http, metrics] = await findFreePorts(4);
      this.#ports = { grpc: grpc!, ui: ui!, http: http!, metrics: metrics! };
    }
    return this.#ports;
  }

  #adoptConnection(connection: Connection, hasUi: boolean): void {
    void this.#connection?.close();
    this.#connection = connection;
    this.#hasUi = hasUi;
  }

  #changed(): void {
    if (!this.#isStopped && this.#ports !== undefined) this.#writeState();
    if (this.error !== undefined) this.holds.release(this.holds.runIds);
    this.#onChange();
  }

  #writeState(): void {
    const identities = [this.server.identity, this.workers.identity];
    writeSupervisorState(this.#paths.state, {
      ports: this.#ports!,
      processes: identities.filter((one) => one !== undefined), // N2
      holds: this.holds.runIds,
    });
  }
}

async function areFree(ports: ServerPorts): Promise<boolean> {
  const answers = await Promise.all(Object.values(ports).map((port: number) => isPortFree(port)));
  return answers.every(Boolean);
}
