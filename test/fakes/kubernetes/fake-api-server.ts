/* eslint-disable @typescript-eslint/no-unsafe-member-access -- objects of any kind pass through here */
// A Kubernetes API server of the calls that the runner makes, and of those a node makes, in plain HTTP.
//
// A1. Callers are known by their token and have the rights of a Role only; a node's token may do everything.
// A2. Objects are checked with the published schema (check-object.ts); an unknown field is an error.
// A3. Every call of the worker is kept, with the right it needs.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { checkObject } from './check-object.js';
import { markDeleted, runJobController } from './job-controller.js';
import { fits, ObjectStore, type Kind, type StoredObject } from './object-store.js';

export interface Right {
  readonly group: string;
  readonly resource: string;
  readonly verb: string;
}

export interface FakeApiServerOptions {
  /** Rights of the worker (A1). */
  readonly rights: readonly Right[];
  /** Namespaces that exist; default `tasks`. */
  readonly namespaces?: readonly string[];
}

const MODELS: Readonly<Record<Kind, string>> = {
  jobs: 'V1Job',
  pods: 'V1Pod',
  persistentvolumeclaims: 'V1PersistentVolumeClaim',
  events: 'CoreV1Event',
};
const PATH =
  /^\/(?:api\/v1|apis\/([^/]+)\/v1)\/(?:namespaces\/([^/]+)\/)?([^/?]+)(?:\/([^/?]+))?(?:\/([^/?]+))?$/;

interface Call {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  readonly body: StoredObject;
  readonly group: string;
  readonly namespace: string;
  readonly kind: Kind;
  readonly name?: string;
  readonly part?: string;
}

export class FakeApiServer {
  readonly objects = new ObjectStore();
  /** A3. */
  readonly calls: (Right & { readonly path: string })[] = [];
  /** Where nodes serve logs: their own address. */
  nodeAddress = '';
  private readonly server: Server;
  private readonly stopController: () => void;
  private readonly streams = new Set<ServerResponse>();
  /** Answers given instead of the right ones, the first first. */
  private readonly faults: number[] = [];

  private constructor(private readonly options: FakeApiServerOptions) {
    this.server = createServer((request, response) => {
      this.answer(request, response).catch((error: unknown) => fail(response, 500, String(error)));
    });
    this.stopController = runJobController(this.objects);
  }

  static async start(options: FakeApiServerOptions): Promise<FakeApiServer> {
    const fake = new FakeApiServer(options);
    await new Promise<void>((done) => fake.server.listen(0, '127.0.0.1', done));
    return fake;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** The next calls of the worker get these statuses. */
  failNext(...statuses: number[]): void {
    this.faults.push(...statuses);
  }

  /** Breaks every open watch and log. */
  cutStreams(): void {
    for (const stream of this.streams) stream.destroy();
  }

  async close(): Promise<void> {
    this.stopController();
    this.cutStreams();
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '', this.url);
    const [, group = '', namespace = '', kind = '', name, part] = PATH.exec(url.pathname) ?? [];
    const body = await bodyOf(request);
    const call = { request, response, url, body, group, namespace, kind: kind as Kind, name, part };
    const token = request.headers.authorization?.replace('Bearer ', '');
    if (token !== 'worker' && token !== 'node') return fail(response, 401, 'Unauthorized');
    if (token === 'worker' && !this.admit(call)) return;
    if (kind === 'selfsubjectaccessreviews') return this.review(call);
    if (!Object.hasOwn(MODELS, kind)) return fail(response, 404, `no resource ${kind}`);
    if (part === 'log') return this.log(call);
    if (url.searchParams.get('watch') === 'true') return this.watch(call);
    this.handle(call);
  }

  // A1, A3
  private admit({ request, response, url, group, kind, name, part, namespace }: Call): boolean {
    const verb = verbOf(request.method ?? '', name, url);
    const right = { group, resource: part === undefined ? kind : `${kind}/${part}`, verb };
    this.calls.push({ ...right, path: url.pathname });
    const fault = this.faults.shift();
    if (fault !== undefined) {
      fail(response, fault, `a fault of ${fault}`);
      return false;
    }
    const isGiven = this.options.rights.some(
      (each) => each.group === group && each.resource === right.resource && each.verb === verb,
    );
    if (isGiven || String(kind) === 'selfsubjectaccessreviews') return true;
    const what = `${right.resource} is forbidden: User "worker" cannot ${verb} resource`;
    fail(
      response,
      403,
      `${what} "${right.resource}" in API group "${group}" in the namespace "${namespace}"`,
    );
    return false;
  }

  private review({ response, body }: Call): void {
    const wanted = body['spec'].resourceAttributes as Record<string, string>;
    const resource = wanted['subresource']
      ? `${wanted['resource']}/${wanted['subresource']}`
      : wanted['resource'];
    const allowed = this.options.rights.some(
      ({ group, resource: kind, verb }) =>
        group === wanted['group'] && kind === resource && verb === wanted['verb'],
    );
    send(response, 201, { ...body, status: { allowed } });
  }

  private handle(call: Call): void {
    const { request, response, kind, name, body, url } = call;
    if (request.method === 'POST') return this.create(call);
    if (name === undefined) {
      const items = this.objects
        .list(kind)
        .filter((object) => fits(object, url.searchParams.get('labelSelector')));
      return send(response, 200, {
        kind: 'List',
        apiVersion: 'v1',
        items: items.filter(isMeant(url)),
      });
    }
    const found = this.objects.get(kind, name);
    if (found === undefined) return fail(response, 404, `${kind} "${name}" not found`);
    if (request.method === 'GET') return send(response, 200, found);
    if (request.method === 'PUT') {
      this.objects.update(kind, name, (object) => ({ ...object, status: body['status'] }));
      if (body['status'] === null) this.objects.remove(kind, name);
      return send(response, 200, this.objects.get(kind, name) ?? found);
    }
    this.remove(call, found);
  }

  private create({ response, kind, body, url, namespace }: Call): void {
    const wrong = checkObject(MODELS[kind], body); // A2
    if (wrong.length > 0) return fail(response, 400, `strict decoding error: ${wrong.join('; ')}`);
    if (!(this.options.namespaces ?? ['tasks']).includes(namespace)) {
      return fail(response, 404, `namespaces "${namespace}" not found`);
    }
    if (url.searchParams.get('dryRun') === 'All') return send(response, 201, body);
    const made = this.objects.create(kind, body);
    if (made === undefined)
      return fail(response, 409, `${kind} "${body.metadata?.name}" already exists`);
    send(response, 201, made);
  }

  private remove({ response, kind, name, body }: Call, found: StoredObject): void {
    const { preconditions, propagationPolicy } = body as {
      preconditions?: { uid?: string };
      propagationPolicy?: string;
    };
    if (preconditions?.uid !== undefined && preconditions.uid !== found.metadata?.uid) {
      return fail(response, 409, `Precondition failed: UID in precondition: ${preconditions.uid}`);
    }
    if (kind === 'jobs' && propagationPolicy === 'Foreground') {
      const deletionTimestamp = new Date().toISOString() as unknown as Date;
      this.objects.update(kind, name!, (job) => ({
        ...job,
        metadata: { ...job.metadata, deletionTimestamp },
      }));
    } else if (kind === 'pods') markDeleted(this.objects, found);
    else this.objects.remove(kind, name!);
    send(response, 200, found);
  }

  private watch({ response, url, kind }: Call): void {
    const selector = url.searchParams.get('labelSelector');
    response.writeHead(200, { 'Content-Type': 'application/json' });
    const write = (type: string, object: StoredObject): void => {
      if (fits(object, selector)) response.write(`${JSON.stringify({ type, object })}\n`);
    };
    response.flushHeaders();
    for (const object of this.objects.list(kind)) write('ADDED', object);
    const unlisten = this.objects.listen((of, change, object) => {
      if (of === kind) write(change, object);
    });
    this.streams.add(response);
    response.on('close', () => {
      unlisten();
      this.streams.delete(response);
    });
  }

  private async log({ response, name, url }: Call): Promise<void> {
    const container = url.searchParams.get('container');
    const answer = await fetch(
      `${this.nodeAddress}/containerLogs/tasks/${name}/${container}?follow=true`,
    );
    if (!answer.ok || answer.body === null) return fail(response, 400, await answer.text());
    response.writeHead(200);
    response.flushHeaders();
    this.streams.add(response);
    try {
      for await (const chunk of answer.body) response.write(chunk);
      response.end();
    } finally {
      this.streams.delete(response);
    }
  }
}

function isMeant(url: URL): (object: StoredObject) => boolean {
  const name = /^involvedObject\.name=(.+)$/.exec(url.searchParams.get('fieldSelector') ?? '')?.[1];
  return (object) => name === undefined || object['involvedObject']?.name === name;
}

function verbOf(method: string, name: string | undefined, url: URL): string {
  if (method === 'POST') return 'create';
  if (method === 'PUT') return 'update';
  if (method === 'DELETE') return 'delete';
  if (url.searchParams.get('watch') === 'true') return 'watch';
  return name === undefined ? 'list' : 'get';
}

async function bodyOf(request: IncomingMessage): Promise<StoredObject> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString('utf8');
  return (text === '' ? {} : JSON.parse(text)) as StoredObject;
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify(body));
}

function fail(response: ServerResponse, code: number, message: string): void {
  if (response.headersSent) return void response.destroy();
  send(response, code, { kind: 'Status', apiVersion: 'v1', status: 'Failure', message, code });
}
