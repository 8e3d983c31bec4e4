// A strict SageMaker control plane over HTTP (AWS JSON 1.1), for endpoints and what they are made of.
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
import { Ledger } from './ledger.js';
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

/** Starts the fake on a free loopback port. */
export async function startFakeSageMaker(): Promise<FakeSageMaker> {
  const clock = new VirtualClock();
  const faults = new Faults();
  const ledger = new Ledger();
  const calls: string[] = [];
  let check: HealthCheck = () => undefined;
  const state = new SageMakerState(
    () => clock.now(),
    (configName) => check(configName),
  );

  const answer = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const operation = String(incoming.headers['x-amz-target']).replace(/^SageMaker\./, '');
    const input = JSON.parse(await textOf(incoming)) as Input;
    calls.push(operation);
    const fault = faults.next(operation);
    const isApplied = fault === undefined || fault.applied === true;
    const outcome = isApplied ? carryOut(state, operation, input) : undefined;
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
      const outcome = carryOut(state, operation, input);
      if (outcome instanceof ApiError) throw outcome;
      return outcome;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function carryOut(state: SageMakerState, operation: string, input: Input): unknown {
  const run = state.operation(operation);
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

function strike({ kind }: Fault, outgoing: ServerResponse): void {
  if (kind === 'drop') outgoing.destroy();
  else if (kind === 'throttle') {
    reply(outgoing, new ApiError('ThrottlingException', 'Rate exceeded'));
  } else reply(outgoing, new ApiError('InternalFailure', 'Internal failure', 500));
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
