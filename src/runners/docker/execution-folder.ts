// The files by which workers know one containerized execution.
//
// F1. The folder follows from the attempt's folder alone, so a later worker finds it again.
// F2. The container sees the folders of its own try, never the log, the lease or the record of its end.
// F3. The record of the end is written once what the task left has been taken out; it appears whole.
// F4. Of several workers that see the end, one takes the try's folder by renaming it: the others' paths lead nowhere
//     then. Whoever takes it later, after the first one died, goes on where that one was.

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
/** Between the id of a try and the mark of the worker that took it. */
const TAKEN = '.taken-';
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
    return foldersIn(id, path.join(this.tries, id));
  }

  /** Takes a try that has ended (F4). @param from  `again`: from a worker that seems to have died */
  async takeTry(id: string, from: 'the container' | 'again'): Promise<TryFolder | undefined> {
    const taken = path.join(this.tries, `${id}${TAKEN}${randomUUID()}`);
    const names = await this.tryNames();
    const name = from === 'again' ? names.find((each) => each.startsWith(`${id}${TAKEN}`)) : id;
    if (name === undefined || !names.includes(name)) return undefined;
    const isOurs = await rename(path.join(this.tries, name), taken).then(
      () => true,
      unlessMissing(false),
    );
    return isOurs ? foldersIn(id, taken) : undefined;
  }

  /** Where the task of a try says why it failed. */
  errorFile({ task }: TryFolder): string {
    return path.join(task, ERROR_FILE);
  }

  /** Brings what a task left to the attempt's folder (F4). */
  async takeOut({ task }: TryFolder): Promise<void> {
    for (const name of await readdir(task)) {
      if (RESERVED.has(name)) continue;
      await rename(path.join(task, name), path.join(this.attemptFolder, name));
    }
  }

  /** Removes what a try left behind. */
  async removeTry(id: string): Promise<void> {
    const names = await this.tryNames();
    for (const name of names.filter((each) => each.startsWith(id))) {
      await rm(path.join(this.tries, name), { recursive: true, force: true });
    }
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

  private tryNames(): Promise<readonly string[]> {
    return readdir(this.tries).catch(unlessMissing<readonly string[]>([]));
  }

  private get tries(): string {
    return path.join(this.path, 'tries');
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

function foldersIn(id: string, own: string): TryFolder {
  return {
    id,
    path: own,
    task: path.join(own, 'task'),
    home: path.join(own, 'home'),
    inputs: path.join(own, 'inputs'),
    scratch: path.join(own, 'scratch'),
  };
}

function unlessMissing<T>(instead: T): (error: NodeJS.ErrnoException) => T {
  return (error) => {
    if (error.code === 'ENOENT') return instead;
    throw error;
  };
}
