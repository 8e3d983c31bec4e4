// The files by which a worker and a supervisor know one execution; the Python side is supervise.py.
//
// F1. The folder follows from the attempt's folder alone, so a later worker finds it again (R1).
// F2. Every file appears whole: written beside, renamed.

import { mkdir, readFile, rename, utimes, writeFile } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import type { FolderMount } from '../platform/apply-platform.js';
import type { ExecutionId } from '../runner.js';
import { isAlive, type ProcessIdentity } from './process-identity.js';

/** How a task ended, as its supervisor saw it. */
export interface ExitRecord {
  readonly exitCode?: number;
  readonly signal?: string;
  /** Why the supervisor ended it. */
  readonly reason?: 'canceled' | 'orphaned' | 'timeout' | 'memory';
  readonly startError?: { readonly errno: string; readonly command: string };
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly maxRssBytes: number;
  /** The kernel killed something for want of memory while the task ran. */
  readonly oom?: boolean;
}

export interface SupervisionRequest {
  readonly argv?: readonly string[];
  readonly python?: {
    readonly module: string;
    readonly args: readonly string[];
    readonly cpus?: number;
    readonly componentConfig?: string;
  };
  readonly env: Readonly<Record<string, string>>;
  /** Variables whose values the task's process reads from files: secrets are never copied. */
  readonly variableFiles?: Readonly<Record<string, string>>;
  readonly mounts?: readonly FolderMount[];
  readonly timeoutSeconds?: number;
  readonly memoryBytes?: number;
  readonly graceSeconds: number;
  readonly orphanSeconds: number;
}

/** 10 MB: head and tail of what a task prints. */
const LOG_LIMIT_BYTES = 10_000_000;

export class ExecutionFolder {
  readonly path: string;
  readonly requestPath: string;
  readonly logPath: string;
  readonly errorFile: string;
  readonly scratch: string;
  readonly token: string;

  constructor(
    id: ExecutionId,
    private readonly attemptFolder: string,
  ) {
    this.path = path.join(attemptFolder, '_execution');
    this.requestPath = path.join(this.path, 'request.json');
    this.logPath = path.join(attemptFolder, 'log.txt');
    this.errorFile = path.join(this.path, 'error.json');
    this.scratch = path.join(this.path, 'scratch');
    this.token = `${id.runId}/${id.task}/${id.attempt}`;
  }

  /** Writes what the supervisor is to do; `source` becomes the component's module, `folders` are made. */
  async writeRequest(
    request: SupervisionRequest,
    source?: string,
    folders: readonly string[] = [],
  ): Promise<void> {
    await mkdir(this.path, { recursive: true, mode: 0o700 });
    if (source !== undefined) await this.write(this.componentPath, source);
    const work = path.join(this.scratch, 'work');
    const below = (name: string): string => path.join(this.attemptFolder, name);
    const outputs = [below('outputs'), below('parameters')];
    const whole = {
      ...request,
      folder: this.path,
      token: this.token,
      cwd: work,
      logPath: this.logPath,
      logLimitBytes: LOG_LIMIT_BYTES,
      resetPaths: [...outputs, below('executor_output.json'), this.errorFile, this.scratch],
      makeFolders: [
        ...outputs,
        work,
        ...(request.mounts === undefined ? [] : [path.join(this.scratch, 'root')]),
        ...folders,
        path.join(this.scratch, 'home'),
        path.join(this.scratch, 'tmp'),
      ],
      scratch: this.scratch,
    };
    await this.write(this.requestPath, JSON.stringify(whole));
  }

  get componentPath(): string {
    return path.join(this.path, 'ephemeral_component.py');
  }

  /** Text of exit.json; undefined while there is none. */
  readExit(): Promise<string | undefined> {
    return readIfThere(path.join(this.path, 'exit.json'));
  }

  /** The supervisor's identity; undefined when there is no lease. */
  async lease(): Promise<ProcessIdentity | undefined> {
    const text = await readIfThere(this.leasePath);
    return text === undefined ? undefined : (JSON.parse(text) as ProcessIdentity);
  }

  /** The supervisor's identity when it runs. */
  async liveLease(): Promise<ProcessIdentity | undefined> {
    const lease = await this.lease();
    return lease !== undefined && (await isAlive(lease)) ? lease : undefined;
  }

  /** Tells the supervisor that a worker still wants this execution. */
  async renewLease(): Promise<void> {
    const now = new Date();
    await utimes(this.leasePath, now, now).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    });
  }

  private get leasePath(): string {
    return path.join(this.path, 'lease.json');
  }

  private async write(file: string, text: string): Promise<void> {
    const beside = `${file}.${randomUUID()}.tmp`;
    await writeFile(beside, text, { mode: 0o600 });
    await rename(beside, file);
  }
}

/** A finished task's record stands; one that was ended for a worker's sake is run afresh. */
export function isFinal(exit: ExitRecord): boolean {
  return exit.reason !== 'canceled' && exit.reason !== 'orphaned';
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
