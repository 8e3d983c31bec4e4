// A strict SageMaker over HTTP, with what belongs to endpoints: CloudWatch alarms, Application Auto Scaling,
// InvokeEndpoint with data capture, and a place for model archives and what is captured. For tests, and for people without an AWS account.
//
// F1. It refuses what AWS refuses: bad forms (by AWS's own API model), duplicates, unknown parts, changes in progress.
// F2. An update that fails, or whose alarm rings, comes back InService with the earlier configuration and a reason.
// F3. A call is carried out at most once per request, one call after another; faults can lose its answer afterwards.
// F4. Every mutating call is in the ledger, with whether it had an effect.
//
// Signatures and permissions are not checked.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AlarmState } from './alarm-state.js';
import { ApiError } from './api-error.js';
import { AWS_API } from './aws-api.generated.js';
import { checkOf } from './aws-api.js';
import type { Buckets } from './buckets.js';
import { DataCapture } from './data-capture.js';
import { Faults, type Fault } from './faults.js';
import { modelError, Router } from './invoke-endpoint.js';
import { Ledger } from './ledger.js';
import { Metrics } from './metrics.js';
import { ScriptedModelHost, type ModelAnswer, type ModelHost } from './model-host.js';
import { Objects, type ObjectAnswer } from './objects.js';
import { Unchanged, type Input, type Operations } from './operations.js';
import { PackageState } from './package-state.js';
import { SageMakerState } from './sagemaker-state.js';
import { ScalingState } from './scaling-state.js';
import { VirtualClock, type FakeClock } from './virtual-clock.js';

export interface FakeSageMaker<Clock extends FakeClock = VirtualClock> {
  readonly url: string;
  readonly clock: Clock;
  readonly faults: Faults;
  readonly ledger: Ledger;
  /** Names of all operations called, in order, with faulty ones. */
  readonly calls: readonly string[];
  /** Decides from now on which configurations come into service, beside the models' own health. */
  checkHealth(check: HealthCheck): void;
  /** Carries out an operation as somebody else would, past faults and ledger. @throws ApiError */
  actAsOther(operation: string, input: Input): Promise<unknown>;
  close(): Promise<void>;
}

/** Says why a configuration cannot come into service; undefined when it can. */
export type HealthCheck = (configName: string) => string | undefined;

export interface FakeOptions<Clock extends FakeClock = FakeClock> {
  readonly clock: Clock;
  /** What answers for the models; it may read the archives that were uploaded here. */
  readonly host: (objects: Objects) => ModelHost;
  /** Where captured requests go; default the objects that are kept here. */
  readonly buckets?: Buckets;
  /** Port on loopback; default a free one. */
  readonly port?: number;
  /** Further operations of SageMaker: jobs. */
  readonly extra?: { readonly operations: Operations; close(): Promise<void> };
}

/** Starts the fake on loopback, in virtual time and with models that answer nothing, unless told otherwise. */
export function startFakeSageMaker(
  options?: Partial<FakeOptions<VirtualClock>>,
): Promise<FakeSageMaker>;
export function startFakeSageMaker<Clock extends FakeClock>(
  options: Partial<FakeOptions<Clock>> & { readonly clock: Clock },
): Promise<FakeSageMaker<Clock>>;
export async function startFakeSageMaker(
  options: Partial<FakeOptions> = {},
): Promise<FakeSageMaker<FakeClock>> {
  const account = new Account(options);
  const server = createServer((incoming, outgoing) => void account.answer(incoming, outgoing));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    clock: account.clock,
    faults: account.faults,
    ledger: account.ledger,
    calls: account.calls,
    checkHealth: (check) => {
      account.check = check;
    },
    actAsOther: (operation, input) => account.actAsOther(operation, input),
    close: async () => {
      await close(server);
      await account.close();
    },
  };
}

// By the first part of X-Amz-Target.
const SERVICES: Readonly<Record<string, keyof typeof AWS_API>> = {
  SageMaker: 'sagemaker',
  GraniteServiceVersion20100801: 'cloudwatch',
  AnyScaleFrontendService: 'application-autoscaling',
};
const INVOCATION = /^\/endpoints\/([^/?]+)\/invocations$/;

class Account {
  readonly clock: FakeClock;
  readonly faults = new Faults();
  readonly ledger = new Ledger();
  readonly calls: string[] = [];
  check: HealthCheck = () => undefined;

  readonly #objects = new Objects();
  readonly #metrics = new Metrics();
  readonly #capture: DataCapture;
  readonly #router: Router;
  readonly #state: SageMakerState;
  readonly #operations: Readonly<Record<keyof typeof AWS_API, Operations>>;
  readonly #extra: FakeOptions['extra'];
  #turn: Promise<unknown> = Promise.resolve();

  constructor({ clock = new VirtualClock(), host, extra, buckets }: Partial<FakeOptions>) {
    const now = (): number => clock.now();
    const alarms = new AlarmState(this.#metrics, now);
    const scaling = new ScalingState((resourceId) => this.#state.hasVariant(resourceId));
    this.clock = clock;
    this.#extra = extra;
    this.#capture = new DataCapture(buckets ?? this.#objects);
    this.#router = new Router(this.#metrics, this.#capture, now);
    this.#state = new SageMakerState({
      now,
      host: host?.(this.#objects) ?? new ScriptedModelHost(),
      hasAlarm: (name) => alarms.has(name),
      isScaled: (resourceId) => scaling.has(resourceId),
      surroundings: {
        whyUnhealthy: async (fleet) => this.check(fleet.configName) ?? (await fleet.whyUnhealthy()),
        ringing: (names, untilMs) => alarms.ringing(names, untilMs),
      },
    });
    this.#operations = {
      sagemaker: {
        ...this.#state.operations,
        ...new PackageState(now).operations,
        ...extra?.operations,
      },
      cloudwatch: alarms.operations,
      'application-autoscaling': scaling.operations,
    };
  }

  async answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const body = await bytesOf(incoming);
    const target = incoming.headers['x-amz-target'];
    const url = incoming.url ?? '/';
    const invoked = INVOCATION.exec(url)?.[1];
    if (typeof target === 'string') await this.#answerCall(target, body, outgoing);
    else if (invoked !== undefined && incoming.method === 'POST') {
      await this.#answerInvocation(decodeURIComponent(invoked), incoming, body, outgoing);
    } else {
      const { method = 'GET', headers } = incoming;
      replyObject(outgoing, this.#objects.answer({ method, url, headers, body }));
    }
  }

  async actAsOther(operation: string, input: Input): Promise<unknown> {
    const service = Object.keys(AWS_API).find(
      (name) => this.#operations[name as keyof typeof AWS_API][operation] !== undefined,
    );
    const outcome = await this.#inTurn(() =>
      this.#carryOut(service as keyof typeof AWS_API, operation, input),
    );
    if (outcome instanceof ApiError) throw outcome;
    return outcome instanceof Unchanged ? outcome.answer : outcome;
  }

  async close(): Promise<void> {
    await this.#extra?.close();
    await this.#turn;
    await this.#state.close();
    await this.#capture.close();
  }

  /** F3, F4. */
  #answerCall(target: string, body: Buffer, outgoing: ServerResponse): Promise<void> {
    const [prefix = '', operation = ''] = target.split('.');
    return this.#inTurn(async () => {
      const input = JSON.parse(body.toString()) as Input;
      this.calls.push(operation);
      const fault = this.faults.next(operation);
      const isApplied = fault === undefined || fault.applied === true;
      const outcome = isApplied
        ? await this.#carryOut(SERVICES[prefix], operation, input)
        : undefined;
      const refused = fault === undefined ? refusedAs(outcome) : fault.kind;
      const effective =
        isApplied && !(outcome instanceof ApiError) && !(outcome instanceof Unchanged);
      this.ledger.record(operation, input, { effective, ...(refused && { refused }) });
      if (fault !== undefined) return strike(fault, outgoing);
      reply(outgoing, outcome instanceof Unchanged ? outcome.answer : outcome);
    });
  }

  async #answerInvocation(
    name: string,
    { headers }: IncomingMessage,
    body: Buffer,
    outgoing: ServerResponse,
  ): Promise<void> {
    const invocation = {
      contentType: headers['content-type'] ?? 'application/octet-stream',
      accept: headers.accept,
      body,
    };
    const variant = headers['x-amzn-sagemaker-target-variant'] as string | undefined;
    const chosen = await this.#inTurn(async () => {
      this.calls.push('InvokeEndpoint');
      const fault = this.faults.next('InvokeEndpoint');
      if (fault !== undefined) return fault;
      await this.#state.settle();
      return orRefusal(() => this.#router.choose(this.#state.serving(name), invocation, variant));
    });
    if ('kind' in chosen) return strike(chosen, outgoing);
    if (chosen instanceof ApiError) return reply(outgoing, chosen);
    const answer = await chosen.answer();
    if (answer.status >= 400) return reply(outgoing, modelError(answer));
    replyModel(outgoing, answer, chosen.variant);
  }

  async #carryOut(
    service: keyof typeof AWS_API | undefined,
    operation: string,
    input: Input,
  ): Promise<unknown> {
    const run = service === undefined ? undefined : this.#operations[service][operation];
    if (run === undefined) return new ApiError('UnknownOperationException', operation, 404);
    await this.#state.settle();
    return orRefusal(() => {
      checkOf(AWS_API[service!])(operation, input); // F1
      return run(input) ?? {};
    });
  }

  /** One call after another, whatever became of the one before. */
  #inTurn<Result>(call: () => Promise<Result>): Promise<Result> {
    const result = this.#turn.then(call);
    this.#turn = result.catch(() => undefined);
    return result;
  }
}

function orRefusal<Result>(call: () => Result): Result | ApiError {
  try {
    return call();
  } catch (error) {
    if (error instanceof ApiError) return error;
    // A fault of the fake itself: said, never repeated in the hope of better.
    return new ApiError('FakeBroken', String((error as Error).stack));
  }
}

function refusedAs(outcome: unknown): string | undefined {
  return outcome instanceof ApiError ? outcome.type : undefined;
}

const REFUSALS = {
  throttle: new ApiError('ThrottlingException', 'Rate exceeded'),
  error: new ApiError('InternalFailure', 'Internal failure', 500),
  quota: new ApiError(
    'ResourceLimitExceeded',
    "The account-level service limit 'ml.m5.large for processing job usage' is 0 Instances, with current utilization of 0 Instances and a request delta of 1 Instances.",
  ),
  denied: new ApiError('AccessDeniedException', 'User is not authorized to perform the action'),
};

function strike({ kind }: Fault, outgoing: ServerResponse): void {
  if (kind === 'drop') outgoing.destroy();
  else reply(outgoing, REFUSALS[kind]);
}

function reply(outgoing: ServerResponse, outcome: unknown): void {
  const isError = outcome instanceof ApiError;
  outgoing.writeHead(isError ? outcome.status : 200, {
    'content-type': 'application/x-amz-json-1.1',
    ...(isError ? { 'x-amzn-errortype': outcome.type } : {}),
  });
  outgoing.end(
    JSON.stringify(
      isError ? { __type: outcome.type, message: outcome.message, ...outcome.fields } : outcome,
    ),
  );
}

function replyModel(outgoing: ServerResponse, answer: ModelAnswer, variant: string): void {
  outgoing.writeHead(200, {
    'content-type': answer.contentType,
    'x-amzn-invoked-production-variant': variant,
  });
  outgoing.end(answer.body);
}

function replyObject(outgoing: ServerResponse, { status, headers, body }: ObjectAnswer): void {
  outgoing.writeHead(status, headers);
  outgoing.end(body);
}

async function bytesOf(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
