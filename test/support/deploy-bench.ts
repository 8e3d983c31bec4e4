// Runs that deploy, on a real server with the real workflow code: the deployer alone is a stand-in, which does what the
// test says and writes down who changed which endpoint when.

import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Context } from '@temporalio/activity';
import { Client, Connection } from '@temporalio/client';
import { defaultPayloadConverter, toPayloads } from '@temporalio/common';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { askForTurn, isRunOpen } from '../../src/activities/deploy-turn.js';
import { AnnealClient } from '../../src/client/index.js';
import {
  PIPELINE_WORKFLOW,
  TASK_QUEUE,
  type AnnealActivities,
  type ApprovalPolicy,
  type DeployRequest,
  type DeployResult,
  type RunEvent,
  type RunPlan,
  type RunView,
  type WaitingView,
} from '../../src/contract/index.js';
import { policyOf } from '../../src/deploy/index.js';
import { isAnnealError } from '../../src/errors/index.js';
import { writeRunRecord } from '../../src/lineage/index.js';
import { openStore, type ArtifactStore } from '../../src/storage/index.js';
import { ensureSearchAttributes } from '../../workers/search-attributes.js';
import { startTemporal, type TemporalServer } from './temporal-server.js';
import { judgedAs } from './judged-as.js';
import { waitUntil } from './wait-until.js';

const BUNDLE = new URL('../../dist/workflow-bundle.cjs', import.meta.url);
const SKIPPING = ['frontend.WorkflowTimeSkippingEnabled=true'];
export const MODEL_DIGEST = `sha256:${'a'.repeat(64)}`;

/** How a run of the bench is made. */
export interface BenchRun {
  readonly endpoint: string;
  /** Items of a loop around the deployment, each an endpoint; it is cut into slices of one. */
  readonly loop?: readonly string[];
  /** The server's clock jumps over all waiting. */
  readonly skipsTime?: boolean;
}

export class DeployBench {
  /** Runs in the order in which they reached the deployer, and in which they left it. */
  readonly log: string[] = [];
  readonly requests: DeployRequest[] = [];
  readonly events: RunEvent[] = [];
  private readonly held = new Map<string, () => void>();
  private readonly gates = new Map<string, Promise<void>>();
  private worker: { readonly worker: Worker; readonly running: Promise<void> } | undefined;

  private constructor(
    readonly folder: string,
    readonly server: TemporalServer,
    readonly client: AnnealClient,
    readonly temporal: Client,
    private readonly connection: NativeConnection,
    private readonly store: ArtifactStore,
    private readonly policies: Readonly<Record<string, ApprovalPolicy>>,
  ) {}

  /** @param policies  approvals by pattern of endpoint names; endpoints that fit none ask nobody */
  static async open(policies: Readonly<Record<string, ApprovalPolicy>>): Promise<DeployBench> {
    Runtime.install({ logger: new DefaultLogger('ERROR', () => undefined) });
    const folder = mkdtempSync(path.join(tmpdir(), 'anneal-deploys-'));
    const server = await startTemporal(path.join(folder, 'temporal.db'), undefined, SKIPPING);
    const { address } = server;
    const store = await openStore(path.join(folder, 'store'), { cacheFolder: folder });
    const client = await AnnealClient.connect({ address, namespace: 'default', store });
    const temporal = new Client({ connection: await Connection.connect({ address }) });
    const connection = await NativeConnection.connect({ address });
    await ensureSearchAttributes(connection, 'default');
    const parts = [folder, server, client, temporal, connection, store, policies] as const;
    const bench = new DeployBench(...parts);
    await bench.startWorker();
    return bench;
  }

  async startWorker(): Promise<void> {
    const worker = await Worker.create({
      connection: this.connection,
      taskQueue: TASK_QUEUE,
      workflowBundle: { code: readFileSync(BUNDLE, 'utf8') },
      activities: this.activities(),
      stickyQueueScheduleToStartTimeout: 500,
      shutdownGraceTime: '1s',
    });
    this.worker = { worker, running: worker.run() };
  }

  /** What it has in memory is lost: the next one reads the histories. */
  async stopWorker(): Promise<void> {
    this.worker?.worker.shutdown();
    await this.worker?.running;
    this.worker = undefined;
  }

  async start(runId: string, { endpoint, loop, skipsTime }: BenchRun): Promise<void> {
    const input = {
      pipeline: { name: 'deploying' },
      parameters: { endpoint, ...(loop && { endpoints: [...loop] }) },
    };
    await this.temporal.workflowService.startWorkflowExecution({
      requestId: randomUUID(),
      namespace: 'default',
      workflowId: runId,
      workflowType: { name: PIPELINE_WORKFLOW },
      taskQueue: { name: TASK_QUEUE },
      input: { payloads: toPayloads(defaultPayloadConverter, input) },
      ...(skipsTime === true ? { timeSkippingConfig: { enabled: true } } : {}),
    });
  }

  /** Keeps deployments to an endpoint from ending. @returns lets them end */
  hold(endpoint: string): () => void {
    this.gates.set(endpoint, new Promise((resolve) => this.held.set(endpoint, resolve)));
    return () => {
      this.gates.delete(endpoint);
      this.held.get(endpoint)!();
    };
  }

  waiting(runId: string): Promise<readonly WaitingView[]> {
    return waitUntil(`${runId} waits for an approval`, async () => {
      const view = await this.client.show(runId).catch((error: unknown) => {
        if (isAnnealError(error) && error.code === 'E_WORKER') return undefined; // it is just starting
        throw error;
      });
      return view?.waitingFor;
    });
  }

  /** Waits until the deployer has a run's model in hand. */
  async reached(runId: string): Promise<void> {
    await waitUntil(`${runId} deploys`, () => this.log.includes(`begin ${runId}`));
  }

  result(runId: string): Promise<RunView> {
    return this.client.result(runId, { intervalMs: [50, 500] });
  }

  eventsOf(runId: string): string[] {
    return this.events.filter(({ run }) => run.runId === runId).map(({ type }) => type);
  }

  async close(): Promise<void> {
    await this.stopWorker();
    await this.client.close();
    await this.temporal.connection.close();
    await this.connection.close();
    await this.server.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private activities(): Partial<AnnealActivities> {
    const settings = Object.entries(this.policies).map(([pattern, approval]) => ({
      endpoints: [pattern],
      approval,
    }));
    return {
      prepareRun: ({ runId, input }) => Promise.resolve(planOf(runId, input.parameters ?? {})),
      loadGraph: () => {
        const { spec, executors } = planOf('', { endpoints: [] });
        return Promise.resolve({ spec, executors });
      },
      importArtifact: () => Promise.resolve(MODEL),
      judgeModel: ({ endpointName }) => {
        const { approval } = policyOf(settings, endpointName);
        return Promise.resolve(
          approval === undefined ? judgedAs('accepted') : judgedAs('needs_approval', approval),
        );
      },
      recordApproval: ({ approval }) => Promise.resolve(approval),
      deployModel: (request) => this.deploy(request),
      askForTurn: (request) => askForTurn(Context.current().client, TASK_QUEUE, request),
      isRunOpen: (request) => isRunOpen(Context.current().client, request),
      recordRun: async (view) => void (await writeRunRecord(this.store, view)),
      deliverEvent: ({ event }) => Promise.resolve(void this.events.push(event)),
    };
  }

  private async deploy(request: DeployRequest): Promise<DeployResult> {
    const { run, endpointName: endpoint } = request;
    this.requests.push(request);
    this.log.push(`begin ${run.runId}`);
    const beat = setInterval(() => Context.current().heartbeat(), 200);
    await Promise.race([this.gates.get(endpoint), Context.current().cancelled]).finally(() =>
      clearInterval(beat),
    );
    this.log.push(`end ${run.runId}`);
    return {
      deployment: { status: 'promoted', endpoint },
      outputs: { parameters: {}, artifacts: {} },
      manifestKey: 'none',
    };
  }
}

const TYPE = { schemaTitle: 'system.Model', schemaVersion: '0.0.1' };
const TEXT = { parameterType: 'STRING' } as const;

const MODEL = {
  outputs: {
    parameters: {},
    artifacts: {
      artifact: [
        {
          name: 'artifact',
          type: TYPE.schemaTitle,
          schemaVersion: TYPE.schemaVersion,
          uri: 'file:///model',
          digest: MODEL_DIGEST,
          metadata: {},
        },
      ],
    },
  },
  manifestKey: 'none',
  cached: false,
};

const COMPONENTS: RunPlan['spec']['components'] = {
  'comp-model': {
    executorLabel: 'exec-model',
    outputDefinitions: { artifacts: { artifact: { artifactType: TYPE } } },
  },
  'comp-deploy': {
    executorLabel: 'exec-deploy-model',
    inputDefinitions: {
      artifacts: { model: { artifactType: TYPE } },
      parameters: { endpoint_name: TEXT },
    },
  },
};

const TASKS = {
  model: { taskInfo: { name: 'model' }, componentRef: { name: 'comp-model' } },
  deploy: {
    taskInfo: { name: 'deploy' },
    dependentTasks: ['model'],
    componentRef: { name: 'comp-deploy' },
    inputs: {
      artifacts: {
        model: { taskOutputArtifact: { producerTask: 'model', outputArtifactKey: 'artifact' } },
      },
      parameters: { endpoint_name: { componentInputParameter: 'endpoint' } },
    },
  },
};

const LOOP = {
  taskInfo: { name: 'loop' },
  componentRef: { name: 'comp-loop' },
  parameterIterator: { itemInput: 'endpoint', items: { inputParameter: 'endpoints' } },
  inputs: { parameters: { endpoints: { componentInputParameter: 'endpoints' } } },
};

function planOf(runId: string, parameters: RunPlan['parameters']): RunPlan {
  const isLoop = 'endpoints' in parameters;
  const loop = {
    'comp-loop': {
      inputDefinitions: {
        parameters: { endpoint: TEXT, endpoints: { parameterType: 'LIST' as const } },
      },
      dag: { tasks: TASKS },
    },
  };
  return {
    run: { runId, pipeline: 'deploying', digest: `sha256:${'0'.repeat(64)}` },
    version: 1,
    startedAt: new Date().toISOString(),
    spec: {
      pipelineInfo: { name: 'deploying' },
      schemaVersion: '2.1.0',
      components: { ...COMPONENTS, ...(isLoop && loop) },
      root: {
        inputDefinitions: {
          parameters: { endpoint: TEXT, ...(isLoop && { endpoints: { parameterType: 'LIST' } }) },
        },
        dag: { tasks: isLoop ? { loop: LOOP } : TASKS },
      },
    },
    executors: {
      'exec-model': {
        kind: 'importer',
        importer: { artifactUri: { constant: 'file:///model' }, typeSchema: TYPE },
      },
      'exec-deploy-model': { kind: 'deploy' },
    },
    parameters,
    cache: false,
    hooks: [{ id: 'hook', on: ['approval.*', 'deployment.*'] }],
    ...(isLoop ? { tasksPerHistory: 2 } : {}),
    warnings: [],
    searchAttributes: true,
    heartbeatSeconds: 2,
  };
}
