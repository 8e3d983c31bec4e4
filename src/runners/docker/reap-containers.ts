// Ends the containers that no worker follows any more, and removes what is left of them.
//
// R1. Only containers of this store: another project's on the same daemon are never touched.
// R2. A container is forsaken when its lease did not change for orphanSeconds while this worker looked: the clock of a
//     worker that has just come up starts anew, so that a run whose worker was away finds its container again.
// R3. A forsaken container that runs gets TERM and the grace; its files are left to whoever runs the task afresh.

import { readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { FOLDER_LABEL, OWNER_LABEL, RUN_LABEL } from './container-name.js';
import { answered, statusOf, type Daemon } from './daemon.js';
import { leaseIn } from './execution-folder.js';
import { stopContainer } from './follow-container.js';

export interface ReaperOptions {
  readonly daemon: Daemon;
  readonly owner: string;
  readonly orphanSeconds: number;
  readonly graceSeconds: number;
  /** Folder with one private folder for each container, by its name. */
  readonly privateFolders: string;
  readonly onProgress: (message: string) => void;
  /** Milliseconds on a clock that never jumps. */
  readonly now?: () => number;
}

interface Sighting {
  readonly stamp: number;
  readonly since: number;
}

const MOST_OFTEN_MS = 250;
const LEAST_OFTEN_MS = 30_000;

export class ContainerReaper {
  private readonly sightings = new Map<string, Sighting>();
  private timer: NodeJS.Timeout | undefined;
  private round: Promise<void> = Promise.resolve();

  constructor(private readonly options: ReaperOptions) {}

  /** Looks now and from time to time. */
  start(): void {
    const fourth = (this.options.orphanSeconds * 1000) / 4;
    const everyMs = Math.min(LEAST_OFTEN_MS, Math.max(MOST_OFTEN_MS, fourth));
    const look = (): void => {
      // A daemon that does not answer now is asked again; its tasks say so on their own.
      this.round = this.round.then(() => this.reap()).catch(() => undefined);
    };
    look();
    this.timer = setInterval(look, everyMs).unref();
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
    await this.round;
  }

  /** Ends what is forsaken (R1, R2, R3). */
  async reap(): Promise<void> {
    const found = await this.list(`${OWNER_LABEL}=${this.options.owner}`);
    for (const { Id, Labels, Names } of found) {
      if (await this.isForsaken(Id, Labels[FOLDER_LABEL] ?? '')) {
        this.options.onProgress(`removing container ${nameOf(Names)}: no worker follows it`);
        await this.remove(Id);
      }
    }
    const ids = new Set(found.map(({ Id }) => Id));
    for (const id of this.sightings.keys()) if (!ids.has(id)) this.sightings.delete(id);
    await this.removePrivateFolders(new Set(found.map(({ Names }) => nameOf(Names))));
  }

  /** Removes every container of a run that has ended. */
  async removeRun(runId: string): Promise<void> {
    const found = await this.list(`${RUN_LABEL}=${runId}`);
    const own = found.filter(({ Labels }) => Labels[OWNER_LABEL] === this.options.owner);
    for (const { Id } of own) await this.remove(Id);
  }

  private async list(label: string) {
    const { client } = this.options.daemon;
    return answered(client.listContainers({ all: true, filters: { label: [label] } }));
  }

  private async isForsaken(id: string, folder: string): Promise<boolean> {
    const stamp = await stat(leaseIn(folder)).then(
      ({ mtimeMs }) => mtimeMs,
      () => 0,
    );
    const now = (this.options.now ?? (() => performance.now()))();
    const before = this.sightings.get(id);
    if (before === undefined || before.stamp !== stamp) {
      this.sightings.set(id, { stamp, since: now });
      return false;
    }
    return now - before.since > this.options.orphanSeconds * 1000;
  }

  private async remove(id: string): Promise<void> {
    const container = this.options.daemon.client.getContainer(id);
    await stopContainer(container, this.options.graceSeconds);
    await removeContainer(container);
  }

  private async removePrivateFolders(inUse: ReadonlySet<string>): Promise<void> {
    const { privateFolders, orphanSeconds } = this.options;
    for (const name of await readdir(privateFolders).catch(() => [])) {
      const folder = path.join(privateFolders, name);
      const ageMs = await stat(folder).then(
        ({ mtimeMs }) => Date.now() - mtimeMs,
        () => 0,
      );
      const isLeft = !inUse.has(name) && ageMs > orphanSeconds * 1000;
      if (isLeft) await rm(folder, { recursive: true, force: true });
    }
  }
}

/** Removes a container with its anonymous volumes, running or not; one that is gone is no error. */
export async function removeContainer(container: {
  remove(options: { force: boolean; v: boolean }): Promise<unknown>;
}): Promise<void> {
  try {
    await answered(container.remove({ force: true, v: true }));
  } catch (error) {
    // 409: its removal is under way already.
    if (![404, 409].includes(statusOf(error) ?? 0)) throw error;
  }
}

function nameOf(names: readonly string[]): string {
  return (names[0] ?? '').replace(/^\//, '');
}
