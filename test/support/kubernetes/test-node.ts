// A node for tests: it takes the pods of a namespace from an API server, the real one or the fake, runs their
// containers one after the other on this machine, reports what a kubelet reports, and serves their logs.
//
// T1. Init containers run in their order, then the one container; the first that fails ends the pod.
// T2. A pod that is deleted gets TERM, then KILL, and is gone from the API when its container has ended.

import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, watch } from 'node:fs';
import { createServer as createPlain, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTls, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { KubeConfig, type V1Container, type V1Pod } from '@kubernetes/client-node';
import {
  ClusterAnswer,
  ClusterConnection,
} from '../../../src/runners/kubernetes/cluster-request.js';
import { expandVariables, runContainer } from './run-container.js';

export interface TestNodeOptions {
  readonly server: string;
  readonly token: string;
  /** PEM of the API server's certificate. */
  readonly ca?: string;
  /** Serves logs by TLS. */
  readonly tls?: { readonly key: string; readonly cert: string };
  /** Variables of every image. */
  readonly imageEnv: (container: V1Container) => Record<string, string>;
  /** Working folder of every image. */
  readonly workingFolder: string;
  /** Content of secrets, by `name/key`. */
  readonly secrets?: Readonly<Record<string, string>>;
  /** Takes pods that no scheduler has placed. */
  readonly schedules: boolean;
}

interface RunningPod {
  readonly folder: string;
  readonly logs: Map<string, { readonly file: string; ended: boolean }>;
  stop: ((signal: 'SIGTERM' | 'SIGKILL') => void) | undefined;
  isStopping: boolean;
  status: NonNullable<V1Pod['status']>;
}

const GRACE_MS = 2000;
const NO_SUCH_NODE = 'anneal-test/no-such-node';
export const NODE_NAME = 'test-node';

export class TestNode {
  readonly pods = new Map<string, RunningPod>();
  /** Names of the pods whose containers were run, in order. */
  readonly started: string[] = [];
  private readonly root = mkdtempSync(path.join(tmpdir(), 'anneal-node-'));
  private readonly connection: ClusterConnection;
  private readonly stopping = new AbortController();
  private readonly server: Server | ReturnType<typeof createPlain>;
  private readonly work = new Set<Promise<void>>();

  private constructor(private readonly options: TestNodeOptions) {
    this.connection = new ClusterConnection(kubeConfigOf(options));
    const serve = (request: IncomingMessage, response: ServerResponse): void =>
      this.serve(request, response);
    this.server = options.tls ? createTls(options.tls, serve) : createPlain(serve);
  }

  static async start(options: TestNodeOptions): Promise<TestNode> {
    const node = new TestNode(options);
    await new Promise<void>((done) => node.server.listen(0, '127.0.0.1', () => done()));
    node.track(node.keepWatching());
    return node;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Ends a pod as a kubelet does that needs its node's memory. */
  async evict(name: string): Promise<void> {
    const pod = this.pods.get(name)!;
    const condition = { type: 'DisruptionTarget', status: 'True', reason: 'TerminationByKubelet' };
    pod.isStopping = true;
    pod.status = {
      ...pod.status,
      phase: 'Failed',
      reason: 'Evicted',
      message: 'The node was low on resource: memory.',
      conditions: [...(pod.status.conditions ?? []), condition],
    };
    pod.stop?.('SIGKILL');
    await this.report(name);
  }

  async close(): Promise<void> {
    this.stopping.abort();
    for (const pod of this.pods.values()) {
      pod.isStopping = true;
      pod.stop?.('SIGKILL');
    }
    await Promise.all(this.work);
    this.connection.close();
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
    rmSync(this.root, { recursive: true, force: true });
  }

  private track(work: Promise<void>): void {
    const settled = work.catch(() => undefined).finally(() => this.work.delete(settled));
    this.work.add(settled);
  }

  private async keepWatching(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      try {
        const query = { watch: 'true', timeoutSeconds: '60' };
        const call = {
          method: 'GET',
          path: '/api/v1/namespaces/tasks/pods',
          query,
          signal,
        } as const;
        for await (const line of createInterface({ input: await this.connection.open(call) })) {
          const { type, object } = JSON.parse(line) as { type: string; object: V1Pod };
          this.see(type, object);
        }
      } catch {
        await delay(100);
      }
    }
  }

  private see(type: string, pod: V1Pod): void {
    const name = pod.metadata!.name!;
    const known = this.pods.get(name);
    const isLeaving = type === 'DELETED' || pod.metadata?.deletionTimestamp !== undefined;
    if (known !== undefined && isLeaving) this.track(this.stop(known));
    if (known !== undefined || isLeaving) return;
    const isOurs =
      pod.spec?.nodeName === NODE_NAME || (this.options.schedules && !pod.spec?.nodeName);
    if (!isOurs || (pod.status?.phase ?? 'Pending') !== 'Pending') return;
    const running: RunningPod = {
      folder: path.join(this.root, name),
      logs: new Map(),
      stop: undefined,
      isStopping: false,
      status: { phase: 'Pending' },
    };
    this.pods.set(name, running);
    this.track(this.run(name, pod, running));
  }

  // T2
  private async stop(pod: RunningPod): Promise<void> {
    if (pod.isStopping) return;
    pod.isStopping = true;
    pod.stop?.('SIGTERM');
    await delay(GRACE_MS);
    pod.stop?.('SIGKILL');
  }

  // T1
  private async run(name: string, pod: V1Pod, running: RunningPod): Promise<void> {
    const { spec } = pod;
    if (spec?.nodeSelector?.[NO_SUCH_NODE] !== undefined) return this.refuse(name, running);
    mkdirSync(running.folder, { recursive: true });
    running.status = {
      phase: 'Pending',
      startTime: new Date(),
      conditions: [{ type: 'PodScheduled', status: 'True' }],
      initContainerStatuses: (spec?.initContainers ?? []).map(waiting),
      containerStatuses: (spec?.containers ?? []).map(waiting),
    };
    this.started.push(name);
    await this.report(name);
    const all = [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])];
    let isGood = true;
    for (const container of all) {
      isGood = !running.isStopping && (await this.runOne(name, pod, container, running));
      if (!isGood) break;
    }
    const isTold = running.status.phase === 'Failed';
    if (!isTold) running.status = { ...running.status, phase: isGood ? 'Succeeded' : 'Failed' };
    await this.report(name);
    await this.forget(name);
  }

  private async runOne(
    name: string,
    pod: V1Pod,
    container: V1Container,
    running: RunningPod,
  ): Promise<boolean> {
    const obstacle = this.obstacleOf(container);
    if (obstacle !== undefined) {
      this.setState(running, container, { waiting: obstacle });
      await this.report(name);
      while (!running.isStopping) await delay(50, undefined, { signal: this.stopping.signal });
      return false;
    }
    const folder = path.join(running.folder, container.name);
    mkdirSync(folder, { recursive: true });
    const log = { file: path.join(folder, 'log'), ended: false };
    const volumes = new Map(
      (pod.spec?.volumes ?? []).map((volume) => [
        volume.name,
        path.join(running.folder, 'volumes', volume.name),
      ]),
    );
    const startedAt = new Date();
    const env = this.variables(pod, container);
    const { stop, end } = runContainer({
      ...{ container, folder, logFile: log.file, volumes, env },
      workingFolder: this.options.workingFolder,
    });
    running.stop = stop;
    running.logs.set(container.name, log);
    this.setState(running, container, { running: { startedAt } });
    running.status = { ...running.status, phase: 'Running' };
    await this.report(name);
    const { exitCode, message } = await end;
    log.ended = true;
    running.stop = undefined;
    const reason = exitCode === 0 ? 'Completed' : 'Error';
    this.setState(running, container, {
      terminated: { exitCode, reason, message, startedAt, finishedAt: new Date() },
    });
    await this.report(name);
    return exitCode === 0;
  }

  private async refuse(name: string, running: RunningPod): Promise<void> {
    const message = "0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector.";
    const condition = { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message };
    running.status = { phase: 'Pending', conditions: [condition] };
    await this.report(name);
  }

  private obstacleOf({
    image = '',
    env = [],
  }: V1Container): { reason: string; message: string } | undefined {
    if (image.includes('//'))
      return { reason: 'InvalidImageName', message: `couldn't parse image name "${image}"` };
    if (image.includes('missing'))
      return { reason: 'ErrImagePull', message: `${image}: not found` };
    const missing = env.find(({ valueFrom }) => {
      const { name, key, optional } = valueFrom?.secretKeyRef ?? {};
      return (
        name !== undefined && !optional && this.options.secrets?.[`${name}/${key}`] === undefined
      );
    });
    const secret = missing?.valueFrom?.secretKeyRef?.name;
    return (
      (secret && {
        reason: 'CreateContainerConfigError',
        message: `secret "${secret}" not found`,
      }) ||
      undefined
    );
  }

  private variables(pod: V1Pod, container: V1Container): Record<string, string> {
    const env: Record<string, string> = this.options.imageEnv(container);
    for (const { secretRef } of container.envFrom ?? []) {
      for (const [place, value] of Object.entries(this.options.secrets ?? {})) {
        const [name, key = ''] = place.split('/');
        if (name === secretRef?.name) env[key] = value;
      }
    }
    for (const { name, value = '', valueFrom } of container.env ?? []) {
      const { secretKeyRef, fieldRef } = valueFrom ?? {};
      if (secretKeyRef)
        env[name] = this.options.secrets?.[`${secretKeyRef.name}/${secretKeyRef.key}`] ?? '';
      else if (fieldRef)
        env[name] = fieldRef.fieldPath === 'metadata.name' ? pod.metadata!.name! : '';
      else env[name] = expandVariables(value, env);
    }
    return env;
  }

  private setState(running: RunningPod, { name }: V1Container, state: object): void {
    const set = (list: NonNullable<V1Pod['status']>['containerStatuses']) =>
      (list ?? []).map((each) => (each.name === name ? { ...each, state } : each));
    const { initContainerStatuses, containerStatuses } = running.status;
    running.status = {
      ...running.status,
      initContainerStatuses: set(initContainerStatuses),
      containerStatuses: set(containerStatuses),
    };
  }

  /** Writes the status; another writer's change in between is read first. */
  private async report(name: string): Promise<void> {
    const place = `/api/v1/namespaces/tasks/pods/${name}`;
    for (let attempt = 0; attempt < 20; attempt += 1) {
      try {
        const pod = await this.connection.json<V1Pod>({ method: 'GET', path: place });
        const status = { ...pod.status, ...this.pods.get(name)!.status };
        await this.connection.json({
          method: 'PUT' as 'POST',
          path: `${place}/status`,
          body: { ...pod, status },
        });
        return;
      } catch (error) {
        if (error instanceof ClusterAnswer && error.status === 404) return;
        await delay(50);
      }
    }
  }

  private async forget(name: string): Promise<void> {
    const place = `/api/v1/namespaces/tasks/pods/${name}`;
    const pod = await this.connection
      .json<V1Pod>({ method: 'GET', path: place })
      .catch(() => undefined);
    if (pod?.metadata?.deletionTimestamp === undefined) return;
    const body = { gracePeriodSeconds: 0, preconditions: { uid: pod.metadata.uid } };
    await this.connection.json({ method: 'DELETE', path: place, body }).catch(() => undefined);
  }

  private serve({ url = '' }: IncomingMessage, response: ServerResponse): void {
    const [, , , name = '', container = ''] = new URL(url, 'http://node').pathname.split('/');
    const log = this.pods.get(name)?.logs.get(container);
    if (log === undefined || !existsSync(log.file)) {
      response.writeHead(400).end(`container "${container}" of pod "${name}" is waiting to start`);
      return;
    }
    response.writeHead(200);
    this.track(this.follow(log, response));
  }

  private async follow(
    log: { file: string; ended: boolean },
    response: ServerResponse,
  ): Promise<void> {
    let sent = 0;
    response.flushHeaders();
    const watcher = watch(log.file);
    for (;;) {
      const hasEnded = log.ended || this.stopping.signal.aborted;
      const content = readFileSync(log.file);
      if (content.length > sent) response.write(content.subarray(sent));
      sent = content.length;
      if (hasEnded || response.destroyed) break;
      await delay(50);
    }
    watcher.close();
    response.end();
  }
}

function waiting({ name, image = '' }: V1Container) {
  return {
    name,
    image,
    imageID: imageId(image),
    ready: false,
    restartCount: 0,
    state: { waiting: { reason: 'PodInitializing' } },
  };
}

/** As a node names what it pulled. */
export function imageId(image: string): string {
  const digest = Buffer.from(image).toString('hex').padEnd(64, '0').slice(0, 64);
  return `registry.test/${image.split(':')[0]}@sha256:${digest}`;
}

function kubeConfigOf({ server, token, ca }: TestNodeOptions): KubeConfig {
  const config = new KubeConfig();
  const caData = ca === undefined ? undefined : Buffer.from(ca).toString('base64');
  config.loadFromOptions({
    clusters: [{ name: 'test', server, caData, skipTLSVerify: ca === undefined }],
    users: [{ name: 'node', token }],
    contexts: [{ name: 'test', cluster: 'test', user: 'node' }],
    currentContext: 'test',
  });
  return config;
}
