// The files by which workers know one containerized execution.
//
// F1. The folder follows from the attempt's folder alone, so a later worker finds it again.
// F2. The container sees the folders of its own try, never the log, the lease or the record of its end.
// F3. The record of the end is written once what the task left has been taken out; it appears whole.
// F4. What a try leaves is taken out by renaming; a second worker that does it too finds nothing left to do.

import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { ReportedError } from '../../errors/task.js';

/** How a container ended, and what is known of its execution. */
export interface ExitRecord {
  readonly exitCode: number;
  /** Why the worker ended it. */
  readonly reason?: 'timeout';
  /** The kernel killed something of it for want of memory. */
  readonly outOfMemory: boolean;
  readonly imageDigest: string;
  readonly report?: ReportedError;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly finishedAt: string;
}

/** Places of one try to start the execution. */
export interface TryFolder {
  readonly id: string;
  readonly path: string;
  /** What the container sees as the attempt's folder. */
  readonly task: string;
  readonly home: string;
  /** Copies of inputs that the task could not read otherwise. */
  readonly inputs: string;
  /** Folders that last as long as the task. */
  readonly scratch: string;
}

const FOLDER = '_container';
const ERROR_FILE = '_error.json';
/** Entries of the attempt's folder that a task cannot bring. */
const RESERVED = new Set([FOLDER, ERROR_FILE, 'log.txt']);

export class ExecutionFolder {
  readonly path: string;
  readonly logPath: string;
  /** Folder for the tail of the log while it is written. */
  readonly logScratch: string;

  constructor(private readonly attemptFolder: string) {
    this.path = path.join(attemptFolder, FOLDER);
    this.logPath = path.join(attemptFolder, 'log.txt');
    this.logScratch = path.join(this.path, 'log');
  }

  /** Makes the folder and a lease; may be called again. */
  async open(): Promise<void> {
    await mkdir(this.logScratch, { recursive: true, mode: 0o700 });
    await this.renewLease();
  }

  /** Names the places of a try; nothing is made. */
  tryFolder(id: string = randomUUID()): TryFolder {
    const own = path.join(this.path, 'tries', id);
    return {
      id,
      path: own,
      task: path.join(own, 'task'),
      home: path.join(own, 'home'),
      inputs: path.join(own, 'inputs'),
      scratch: path.join(own, 'scratch'),
    };
  }

  /** Where the task of a try says why it failed. */
  errorFile({ task }: TryFolder): string {
    return path.join(task, ERROR_FILE);
  }

  /** Brings what a task left to the attempt's folder (F4). */
  async takeOut({ task }: TryFolder): Promise<void> {
    for (const name of await readdir(task).catch(unlessMissing([]))) {
      if (RESERVED.has(name)) continue;
      await rename(path.join(task, name), path.join(this.attemptFolder, name)).catch(
        unlessMissing(undefined),
      );
    }
  }

  /** Removes what tries left behind. */
  async removeTries(): Promise<void> {
    await rm(path.join(this.path, 'tries'), { recursive: true, force: true });
  }

  /** Tells reapers that a worker still wants this execution. */
  async renewLease(): Promise<void> {
    const now = new Date();
    await utimes(this.leasePath, now, now).catch(async (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
      await writeFile(this.leasePath, '', { mode: 0o600 });
    });
  }

  /** The record of the end; undefined while there is none. */
  async readExit(): Promise<ExitRecord | undefined> {
    const text = await readFile(this.exitPath, 'utf8').catch(unlessMissing(undefined));
    return text === undefined ? undefined : (JSON.parse(text) as ExitRecord);
  }

  async writeExit(record: ExitRecord): Promise<void> {
    const beside = `${this.exitPath}.${randomUUID()}.tmp`;
    await writeFile(beside, JSON.stringify(record), { mode: 0o600 });
    await rename(beside, this.exitPath); // F3
  }

  private get leasePath(): string {
    return leaseIn(this.path);
  }

  private get exitPath(): string {
    return path.join(this.path, 'exit.json');
  }
}

/** The lease of an execution whose folder a container's label names. */
export function leaseIn(folder: string): string {
  return path.join(folder, 'lease');
}

function unlessMissing<T>(instead: T): (error: NodeJS.ErrnoException) => T {
  return (error) => {
    if (error.code === 'ENOENT') return instead;
    throw error;
  };
}
