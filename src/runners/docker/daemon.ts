// The container daemon of this machine: what it is, and whether an answer of its means that it is gone.
//
// D1. A call never waits for a silent daemon longer than ANSWER_MS: a frozen daemon is one that is gone.

import { userInfo } from 'node:os';
import type Docker from 'dockerode';
import { daemonDenied, daemonUnfit, daemonUnreachable } from '../../errors/container.js';
import { daemonAddress } from './daemon-address.js';

/** What the runner needs to know of a daemon. */
export interface DaemonFacts {
  readonly version: string;
  /** Its root is the user who runs it. */
  readonly isRootless: boolean;
  /** It maps the ids of containers to others (userns-remap). */
  readonly remapsUsers: boolean;
  /** It has a small init, which passes signals on and reaps. */
  readonly hasInit: boolean;
  readonly cpus: number;
  /** It limits memory and swap, and processes. */
  readonly limitsMemory: boolean;
  readonly limitsPids: boolean;
  readonly offersGpus: boolean;
}

export interface Daemon {
  readonly client: Docker;
  readonly address: string;
  readonly facts: DaemonFacts;
}

/** The oldest API that has all that is used here: Docker 20.10. */
const MINIMUM_API = 1.41;
const ANSWER_MS = 30_000;
const GONE_CODES = new Set([
  ...['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT'],
  ...['ENOTFOUND', 'EHOSTUNREACH', 'E_SILENT'],
]);

/**
 * Finds the daemon and asks what it is.
 * @throws E_RUNNER when there is none, it may not be used, it is too old, or it is podman
 */
export async function openDaemon(variables: NodeJS.ProcessEnv): Promise<Daemon> {
  const { text: address, socketPath } = daemonAddress(variables);
  const { default: Client } = await import('dockerode');
  const client = new Client(socketPath === undefined ? {} : { socketPath });
  try {
    const version = await answered(client.version());
    if (isPodman(version)) throw daemonUnfit(address, 'it is podman; only Docker is supported');
    const info = (await answered(client.info())) as DaemonInfo;
    const api = Number(version.ApiVersion);
    if (api < MINIMUM_API) {
      throw daemonUnfit(address, `it speaks API ${version.ApiVersion}; ${MINIMUM_API} is needed`);
    }
    return { client, address, facts: factsOf(version, info) };
  } catch (error) {
    throw daemonError(address, error);
  }
}

/** Whether an error means that the daemon is not there (any more), rather than that it refused. */
export function isGone(error: unknown): boolean {
  const { code, syscall, message = '' } = error as NodeJS.ErrnoException;
  if (GONE_CODES.has(code ?? '') || message === 'socket hang up') return true;
  return code === 'ENOENT' && syscall === 'connect';
}

/** HTTP status of a daemon's refusal; undefined for errors of another kind. */
export function statusOf(error: unknown): number | undefined {
  return (error as { statusCode?: number }).statusCode;
}

/** What the daemon said when it refused, in one line. */
export function reasonOf(error: unknown): string {
  const { json, message } = error as { json?: { message?: string }; message?: string };
  return (json?.message ?? message ?? String(error)).trim().replace(/\s*\n\s*/g, ' ');
}

/** Waits for the daemon's answer (D1). */
export async function answered<T>(answer: Promise<T>, limitMs = ANSWER_MS): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<never>((_, reject) => {
    const fail = (): void => reject(Object.assign(new Error('it is silent'), { code: 'E_SILENT' }));
    timer = setTimeout(fail, limitMs);
  });
  try {
    return await Promise.race([answer, silence]);
  } finally {
    clearTimeout(timer);
  }
}

/** The error to throw for a daemon that is gone or refuses this user; any other error as it is. */
export function daemonError(address: string, error: unknown, retryable = false): unknown {
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (syscall === 'connect' && (code === 'EACCES' || code === 'EPERM')) {
    return daemonDenied(address, userInfo().username, error);
  }
  if (!isGone(error)) return error;
  const reason = code === 'ENOENT' ? 'nothing listens there' : reasonOf(error);
  return daemonUnreachable(address, reason, retryable, error);
}

interface DaemonInfo {
  readonly SecurityOptions?: readonly string[];
  readonly InitBinary?: string;
  readonly NCPU: number;
  readonly MemoryLimit: boolean;
  readonly SwapLimit: boolean;
  readonly PidsLimit?: boolean;
  readonly Runtimes?: Readonly<Record<string, unknown>>;
  readonly DiscoveredDevices?: readonly { readonly ID?: string }[];
}

function isPodman({ Components = [] }: Docker.DockerVersion): boolean {
  return Components.some(({ Name }) => Name.startsWith('Podman'));
}

function factsOf(version: Docker.DockerVersion, info: DaemonInfo): DaemonFacts {
  const security = info.SecurityOptions ?? [];
  const has = (option: string): boolean => security.some((one) => one.includes(`name=${option}`));
  const devices = info.DiscoveredDevices ?? [];
  return {
    version: version.Version,
    isRootless: has('rootless'),
    remapsUsers: has('userns'),
    hasInit: Boolean(info.InitBinary),
    cpus: info.NCPU,
    limitsMemory: info.MemoryLimit && info.SwapLimit,
    limitsPids: info.PidsLimit !== false,
    offersGpus:
      Object.hasOwn(info.Runtimes ?? {}, 'nvidia') ||
      devices.some(({ ID = '' }) => ID.includes('nvidia')),
  };
}
