// A strict SageMaker control plane over HTTP (AWS JSON 1.1), for endpoints and what they are made of, and for jobs.
//
// F1. It refuses what AWS refuses: bad names, duplicates, unknown parts, changes in progress.
// F2. An update that fails comes back InService with the earlier configuration and a reason.
// F3. A call is carried out at most once per request; faults can lose its answer afterwards.
// F4. Every mutating call is in the ledger, with whether it had an effect.
//
// Signatures and permissions are not checked.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ApiError } from './api-error.js';
import type { HealthCheck } from './endpoint-machine.js';
import { Faults, type Fault } from './faults.js';
import type { CheckRequest } from './jobs/api-model.js';
import type { JobHost } from './jobs/job-host.js';
import { JobState } from './jobs/job-state.js';
import { Ledger } from './ledger.js';
import { PackageState } from './model-registry/package-state.js';
import { SageMakerState } from './sagemaker-state.js';
import { VirtualClock } from './virtual-clock.js';

export interface FakeSageMaker {
  readonly url: string;
  readonly clock: VirtualClock;
  readonly faults: Faults;
  readonly ledger: Ledger;
  /** Names of all operations called, in order, with faulty ones. */
  readonly calls: readonly string[];
  /** Decides from now on which configurations come into service. */
  checkHealth(check: HealthCheck): void;
  /** Carries out an operation as somebody else would, past faults and ledger. */
  actAsOther(operation: string, input: Readonly<Record<string, unknown>>): unknown;
  close(): Promise<void>;
}

type Input = Readonly<Record<string, unknown>>;

export interface FakeJobs {
  readonly host: JobHost;
  readonly check: CheckRequest;
  /** Time of jobs, milliseconds since the epoch; default the fake's virtual clock. */
  readonly now?: () => number;
}

/** Starts the fake on a free loopback port; without `jobs` it knows of endpoints only. */
export async function startFakeSageMaker(jobs?: FakeJobs): Promise<FakeSageMaker> {
  const clock = new VirtualClock();
  const faults = new Faults();
  const ledger = new Ledger();
  const calls: string[] = [];
  let check: HealthCheck = () => undefined;
  const state = new SageMakerState(
    () => clock.now(),
    (configName) => check(configName),
  );
  const jobState = jobs && new JobState(jobs.host, jobs.check, jobs.now ?? (() => clock.now()));
  const packages = new PackageState(() => clock.now(), jobs?.check);
  const operations: Operations = (name) =>
    jobState?.operation(name) ?? packages.operation(name) ?? state.operation(name);

  const answer = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const operation = String(incoming.headers['x-amz-target']).replace(/^SageMaker\./, '');
    const input = JSON.parse(await textOf(incoming)) as Input;
    calls.push(operation);
    const fault = faults.next(operation);
    const isApplied = fault === undefined || fault.applied === true;
    const outcome = isApplied ? carryOut(operations, operation, input) : undefined;
    const refused = fault === undefined ? refusedAs(outcome) : fault.kind;
    const effective = isApplied && !(outcome instanceof ApiError);
    ledger.record(operation, input, { effective, ...(refused === undefined ? {} : { refused }) });
    if (fault !== undefined) return strike(fault, outgoing);
    reply(outgoing, outcome);
  };

  const server = createServer((incoming, outgoing) => void answer(incoming, outgoing));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    clock,
    faults,
    ledger,
    calls,
    checkHealth: (other) => {
      check = other;
    },
    actAsOther: (operation, input) => {
      const outcome = carryOut(operations, operation, input);
      if (outcome instanceof ApiError) throw outcome;
      return outcome;
    },
    close: async () => {
      await jobState?.close();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}

type Operations = (name: string) => ((input: Input) => unknown) | undefined;

function carryOut(operations: Operations, operation: string, input: Input): unknown {
  const run = operations(operation);
  if (run === undefined) return new ApiError('UnknownOperationException', '', 404);
  try {
    return run(input) ?? {};
  } catch (error) {
    if (error instanceof ApiError) return error;
    throw error;
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
  });
  outgoing.end(
    JSON.stringify(isError ? { __type: outcome.type, message: outcome.message } : outcome),
  );
}

async function textOf(incoming: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of incoming as AsyncIterable<Buffer>) text += chunk.toString();
  return text;
}
