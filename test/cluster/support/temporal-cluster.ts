// A Temporal cluster of two nodes on PostgreSQL, as processes of this machine.

import { spawn, type ChildProcess } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Connection } from '@temporalio/client';
import { execa } from 'execa';
import { TEMPORAL_CLI } from '../../support/temporal-server.js';
import { waitUntil } from '../../support/wait-until.js';
import { frontendOf, nodeConfig } from './node-config.js';
import { startPostgres, type Postgres } from './postgres.js';
import { buildServerPrograms, type ServerPrograms } from './server-programs.js';

const START_LIMIT_MS = 180_000;

export class TemporalCluster {
  /** Addresses of the two nodes, of a network of loopback that is this cluster's own. */
  readonly addresses: readonly [string, string];
  private readonly folder = mkdtempSync(path.join(tmpdir(), 'anneal-temporal-'));
  private readonly nodes = new Map<string, ChildProcess>();

  private constructor(
    private readonly programs: ServerPrograms,
    private readonly postgres: Postgres,
  ) {
    const network = `127.${randomInt(1, 255)}.${randomInt(1, 255)}`;
    this.addresses = [`${network}.1`, `${network}.2`];
  }

  /** Starts PostgreSQL and both nodes; returns when both answer and the namespace is there. */
  static async start(): Promise<TemporalCluster> {
    const programs = await buildServerPrograms();
    const cluster = new TemporalCluster(programs, await startPostgres());
    try {
      await cluster.createSchemas();
      for (const address of cluster.addresses) await cluster.startNode(address);
      await cluster.registerNamespace();
      return cluster;
    } catch (error) {
      await cluster.stop();
      throw error;
    }
  }

  /** Starts a node; returns when it answers. */
  async startNode(address: string): Promise<void> {
    const config = path.join(this.folder, address, 'config');
    mkdirSync(config, { recursive: true });
    writeFileSync(path.join(config, 'node.yaml'), nodeConfig(address, this.postgres));
    const log = openSync(this.logFile(address), 'a');
    const root = ['--root', path.dirname(config), '--config', 'config', '--env', 'node'];
    const node = spawn(this.programs.server, [...root, '--allow-no-auth', 'start'], {
      stdio: ['ignore', log, log],
    });
    this.nodes.set(address, node);
    await this.untilServing(address, node);
  }

  /** Ends a node as a crash would: SIGKILL. */
  async killNode(address: string): Promise<void> {
    const node = this.nodes.get(address);
    if (node === undefined || node.exitCode !== null || node.signalCode !== null) return;
    const exited = once(node, 'exit');
    node.kill('SIGKILL');
    await exited;
  }

  async stop(): Promise<void> {
    for (const address of this.addresses) await this.killNode(address);
    await this.postgres.stop();
    rmSync(this.folder, { recursive: true });
  }

  private async createSchemas(): Promise<void> {
    const { port, user, password } = this.postgres;
    for (const [database, schema] of [
      ['temporal', 'temporal'],
      ['temporal_visibility', 'visibility'],
    ] as const) {
      const env = {
        SQL_PLUGIN: 'postgres12',
        SQL_HOST: '127.0.0.1',
        SQL_PORT: String(port),
        SQL_USER: user,
        SQL_PASSWORD: password,
        SQL_DATABASE: database,
      };
      const name = `postgresql/v12/${schema}`;
      await execa(this.programs.sqlTool, ['create-database'], { env });
      await execa(this.programs.sqlTool, ['setup-schema', '--version', '0.0'], { env });
      await execa(this.programs.sqlTool, ['update-schema', '--schema-name', name], { env });
    }
  }

  private async untilServing(address: string, node: ChildProcess): Promise<void> {
    const answers = async (): Promise<boolean> => {
      if (node.exitCode !== null) throw new Error(readFileSync(this.logFile(address), 'utf8'));
      return this.call(address, async ({ workflowService }) => {
        await workflowService.getSystemInfo({});
      });
    };
    await waitUntil(`the node at ${address} answers`, answers, START_LIMIT_MS);
  }

  private async registerNamespace(): Promise<void> {
    const [address] = this.addresses;
    const create = ['operator', 'namespace', 'create', 'default', '--retention', '1d'];
    await execa(TEMPORAL_CLI, [...create, '--address', frontendOf(address)]);
    // Each node keeps a list of namespaces of its own, read anew every few seconds.
    for (const address of this.addresses) {
      await waitUntil(`the node at ${address} knows the namespace`, () =>
        this.call(address, async ({ workflowService }) => {
          await workflowService.listWorkflowExecutions({ namespace: 'default' });
        }),
      );
    }
  }

  /** False when the call failed. */
  private async call(address: string, body: (to: Connection) => Promise<void>): Promise<boolean> {
    let connection: Connection | undefined;
    try {
      connection = await Connection.connect({
        address: frontendOf(address),
        connectTimeout: 2000,
      });
      await body(connection);
      return true;
    } catch {
      return false;
    } finally {
      await connection?.close();
    }
  }

  private logFile(address: string): string {
    return path.join(this.folder, `${address}.log`);
  }
}
