// What the runner asks of a cluster; one method a right of workers/kubernetes/base/role.yaml.
//
// C1. A create that finds its object there already is no error: the caller looks whose it is.
// C2. A busy or briefly absent API server is asked again; what it says at the end is explained.

import { setTimeout as delay } from 'node:timers/promises';
import type {
  CoreV1Event,
  V1Job,
  V1PersistentVolumeClaim,
  V1Pod,
  V1SelfSubjectAccessReview,
} from '@kubernetes/client-node';
import type { IncomingMessage } from 'node:http';
import { ClusterAnswer, type ClusterCall, type ClusterConnection } from './cluster-request.js';
import { explainFailure, isTemporary } from './explain-failure.js';

/** One thing that the worker must be allowed to do in the namespace of the tasks. */
export interface ClusterRight {
  readonly group: '' | 'batch';
  readonly resource: string;
  readonly verb: 'create' | 'get' | 'list' | 'watch' | 'delete';
}

interface ListOf<Item> {
  readonly items: readonly Item[];
}

const ATTEMPTS = 6;
const WAIT_MS = 250;
const MAX_WAIT_MS = 5000;

export class Cluster {
  constructor(
    private readonly connection: ClusterConnection,
    readonly namespace: string,
  ) {}

  get server(): string {
    return this.connection.server;
  }

  /** @returns false when one of that name is there (C1) */
  createJob(job: V1Job): Promise<boolean> {
    return this.create(this.jobs(), 'create jobs', job);
  }

  /** Lets the API server check a Job without making it. */
  async tryJob(job: V1Job): Promise<void> {
    const call = {
      method: 'POST',
      path: this.jobs(),
      body: job,
      query: { dryRun: 'All' },
    } as const;
    await this.ask('create jobs', call, { attempts: 1 });
  }

  readJob(name: string): Promise<V1Job | undefined> {
    return this.find<V1Job>(`${this.jobs()}/${name}`, 'get jobs');
  }

  /** Deletes a Job, and before it its pods; returns when the cluster has taken the order. */
  async deleteJob(name: string, uid: string | undefined): Promise<void> {
    const body = {
      propagationPolicy: 'Foreground',
      ...(uid === undefined ? {} : { preconditions: { uid } }),
    };
    await this.remove(`${this.jobs()}/${name}`, 'delete jobs', body);
  }

  async podsOf(job: string): Promise<readonly V1Pod[]> {
    const query = { labelSelector: `batch.kubernetes.io/job-name=${job}` };
    const call = { method: 'GET', path: this.pods(), query } as const;
    return (await this.ask<ListOf<V1Pod>>('list pods', call)).items;
  }

  /** What the cluster says about an object, the newest last. */
  async eventsOf(name: string): Promise<readonly CoreV1Event[]> {
    const query = { fieldSelector: `involvedObject.name=${name}`, limit: '50' };
    const call = { method: 'GET', path: `${this.core()}/events`, query } as const;
    return (await this.ask<ListOf<CoreV1Event>>('list events', call)).items;
  }

  /** Opens the log of one container, from its start. @throws as the connection does */
  openLog(pod: string, container: string, signal: AbortSignal): Promise<IncomingMessage> {
    const query = { container, follow: 'true' };
    return this.connection.open({
      method: 'GET',
      path: `${this.pods()}/${pod}/log`,
      query,
      signal,
    });
  }

  /** Opens a watch on the Jobs or pods with a label. @throws as the connection does */
  openWatch(
    kind: 'jobs' | 'pods',
    labelSelector: string,
    { seconds, signal }: { readonly seconds: number; readonly signal: AbortSignal },
  ): Promise<IncomingMessage> {
    const path = kind === 'jobs' ? this.jobs() : this.pods();
    const query = { watch: 'true', labelSelector, timeoutSeconds: String(seconds) };
    return this.connection.open({ method: 'GET', path, query, signal });
  }

  createClaim(claim: V1PersistentVolumeClaim): Promise<boolean> {
    return this.create(this.claims(), 'create persistentvolumeclaims', claim);
  }

  async deleteClaim(name: string): Promise<void> {
    await this.remove(`${this.claims()}/${name}`, 'delete persistentvolumeclaims', {});
  }

  /** Whether the worker has a right. */
  async mayI({ group, resource, verb }: ClusterRight): Promise<boolean> {
    const [kind, subresource] = resource.split('/');
    const { namespace } = this;
    const body = {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      spec: { resourceAttributes: { namespace, group, verb, resource: kind, subresource } },
    };
    const path = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
    const call = { method: 'POST', path, body } as const;
    const answer = await this.ask<V1SelfSubjectAccessReview>('ask for rights', call, {
      attempts: 1,
    });
    return answer.status?.allowed === true;
  }

  close(): void {
    this.connection.close();
  }

  private core(): string {
    return `/api/v1/namespaces/${this.namespace}`;
  }

  private jobs(): string {
    return `/apis/batch/v1/namespaces/${this.namespace}/jobs`;
  }

  private pods(): string {
    return `${this.core()}/pods`;
  }

  private claims(): string {
    return `${this.core()}/persistentvolumeclaims`;
  }

  private async create(path: string, right: string, body: object): Promise<boolean> {
    const made = await this.ask(right, { method: 'POST', path, body }, { accept: [409] });
    return made !== undefined;
  }

  private find<Item>(path: string, right: string): Promise<Item | undefined> {
    return this.ask<Item | undefined>(right, { method: 'GET', path }, { accept: [404] });
  }

  // 409: another one of that name by now, so the one that was meant is gone.
  private async remove(path: string, right: string, body: object): Promise<void> {
    await this.ask(right, { method: 'DELETE', path, body }, { accept: [404, 409] });
  }

  private async ask<Result>(
    right: string,
    call: ClusterCall,
    { attempts = ATTEMPTS, accept = [] }: { attempts?: number; accept?: readonly number[] } = {},
  ): Promise<Result> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.connection.json<Result>(call);
      } catch (error) {
        const status = error instanceof ClusterAnswer ? error.status : undefined;
        if (accept.includes(status ?? 0) && !isNamespaceGone(error)) return undefined as Result;
        if (attempt >= attempts || !isTemporary(error)) {
          throw explainFailure(error, { right, place: this, isMidRun: attempts > 1 });
        }
        await delay(waitMs(error, attempt));
      }
    }
  }
}

/** "Not found" of a create is about the namespace, never about the object. */
function isNamespaceGone(error: unknown): boolean {
  return error instanceof ClusterAnswer && /^namespaces? /.test(error.message);
}

function waitMs(error: unknown, attempt: number): number {
  const asked = error instanceof ClusterAnswer ? (error.retryAfterSeconds ?? 0) * 1000 : 0;
  const own = Math.min(MAX_WAIT_MS, WAIT_MS * 2 ** attempt) * (0.5 + Math.random());
  return Math.max(asked, own);
}
