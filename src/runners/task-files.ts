// Two names for the files of one execution: this machine's, and those that the task sees.
//
// F1. On this machine's own processes both are the same.
// F2. In a container the attempt's folder is always /anneal/task and the inputs are below /anneal/inputs, so that
//     what a task is told does not depend on the machine it runs on. A service that mounts at places of its own
//     (SageMaker: below /opt/ml) names them: SeenPlaces.

import path from 'node:path';
import type { ArtifactRef, TaskValues } from '../contract/index.js';

/** How a runner's tasks get at their files. */
export type FileAccess =
  /** Under this machine's paths. */
  | 'host'
  /** This machine's files, mounted at paths of the container. */
  | 'mounted'
  /** Moved from and to the store by the machine that the task runs on. */
  | 'transferred';

/** Folder of the attempt, as a task in a container sees it. */
export const CONTAINER_TASK_FOLDER = '/anneal/task';
const CONTAINER_INPUTS = '/anneal/inputs';

/** Where the tasks of a runner see their files. */
export interface SeenPlaces {
  /** Folder of the attempt, absolute. */
  readonly folder: string;
  /** Absolute path of one input. */
  inputPath(input: Omit<TaskFile, 'seenPath'>, index: number): string;
}

/** One input artifact. */
export interface TaskFile {
  /** Address in the store or elsewhere, as lineage has it. */
  readonly uri: string;
  /** Where the task finds it: an absolute path, or the address of something that only the task can read. */
  readonly seenPath: string;
  /** Where it is on this machine; absent when its bytes are not here. */
  readonly localPath?: string;
  /** Address that the task's machine gets the bytes from, when it must (`transferred`). */
  readonly sourceUri?: string;
  /** `sha256:<hex>`, when lineage knows it: what the task's machine must get. */
  readonly digest?: string;
}

const CONTAINER_PLACES: SeenPlaces = {
  folder: CONTAINER_TASK_FOLDER,
  inputPath: ({ uri, localPath }, index) =>
    path.posix.join(CONTAINER_INPUTS, String(index), baseName(localPath ?? uri)),
};

export interface TaskFiles {
  /** Folder of the attempt on this machine. */
  readonly folder: string;
  /** The same folder as the task sees it. */
  readonly seenFolder: string;
  readonly inputs: readonly TaskFile[];
}

/**
 * Lays out the files of an execution.
 *
 * @param locals   local paths by address, of the inputs whose bytes are here
 * @param sources  addresses in the store by address, of the inputs that the task's machine gets itself
 * @param places   where a container sees them; default /anneal (F2)
 */
export function layOutFiles(
  access: FileAccess,
  folder: string,
  inputs: TaskValues,
  {
    locals,
    sources,
    places = CONTAINER_PLACES,
  }: {
    readonly locals: ReadonlyMap<string, string>;
    readonly sources: ReadonlyMap<string, string>;
    readonly places?: SeenPlaces;
  },
): TaskFiles {
  const refs = new Map(
    Object.values(inputs.artifacts)
      .flat()
      .map((ref): [string, ArtifactRef] => [ref.uri, ref]),
  );
  const files = [...refs].map(([uri, { digest }], index): TaskFile => {
    const localPath = locals.get(uri);
    const sourceUri = sources.get(uri);
    const isReachable = localPath !== undefined || sourceUri !== undefined;
    const seenPath =
      access === 'host' || !isReachable
        ? (localPath ?? uri)
        : places.inputPath({ uri, localPath, sourceUri }, index);
    return { uri, seenPath, localPath, sourceUri, digest };
  });
  const seenFolder = access === 'host' ? folder : places.folder;
  return { folder, seenFolder, inputs: files };
}

/** This machine's path for a path that the task named; undefined when it is a place of the container's own. */
export function hostPath(files: TaskFiles, seen: string): string | undefined {
  if (files.seenFolder === files.folder) return seen;
  const own = path.posix.relative(files.seenFolder, seen);
  if (own !== '..' && !own.startsWith('../')) return path.join(files.folder, own);
  const input = files.inputs.find(
    ({ seenPath }) => seen === seenPath || seen.startsWith(`${seenPath}/`),
  );
  if (input?.localPath === undefined) return undefined;
  return path.join(input.localPath, path.posix.relative(input.seenPath, seen));
}

/** The input whose path the task named. */
export function inputSeenAt({ inputs }: TaskFiles, seen: string): TaskFile | undefined {
  return inputs.find(({ seenPath }) => seenPath === seen);
}

function baseName(place: string): string {
  return place.split('/').filter(Boolean).at(-1) ?? 'input';
}
