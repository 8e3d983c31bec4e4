// What the launcher in the pod (python-tasks/anneal_launcher/transfer.py) is told: what to bring, what to store where.

import path from 'node:path';
import type { LaunchSpec } from '../runner.js';
import { CONTAINER_TASK_FOLDER } from '../task-files.js';
import type { PodS3Options } from './kubernetes-options.js';

/** Where the inputs of a pod are. */
export const INPUTS_FOLDER = '/anneal/inputs';
/** The launcher's last word, written when everything else is in the store. */
export const LISTING = 'transferred.json';

export interface TransferPlan {
  readonly version: 1;
  readonly s3: PodS3Options;
  readonly inputs: readonly {
    readonly from: string;
    readonly to: string;
    readonly digest?: string;
  }[];
  /** Folders that the task finds: those of its outputs. */
  readonly folders: readonly string[];
  /** Folder of the attempt in the pod, and its address in the store. */
  readonly root: string;
  readonly place: string;
  /** Below the root: artifacts, files or folders, that are digested; and small files that are read by the worker. */
  readonly outputs: readonly string[];
  readonly documents: readonly string[];
  /** Where the task says that an artifact lies elsewhere. */
  readonly executorOutput: string;
  readonly listing: string;
}

interface OutputPaths {
  readonly outputs?: {
    readonly parameters?: Readonly<Record<string, { readonly outputFile: string }>>;
    readonly artifacts?: Readonly<
      Record<string, { readonly artifacts: readonly { readonly uri: string }[] }>
    >;
    readonly outputFile?: string;
  };
}

/** Plans the transfers of one execution. */
export function transferPlan(spec: LaunchSpec, s3: PodS3Options): TransferPlan {
  const { outputs = {} } = spec.executorInput as OutputPaths;
  const below = (seen: string): string => path.posix.relative(CONTAINER_TASK_FOLDER, seen);
  const parameters = Object.values(outputs.parameters ?? {}).map(({ outputFile }) => outputFile);
  const artifacts = Object.values(outputs.artifacts ?? {}).flatMap((list) =>
    list.artifacts.map(({ uri }) => uri),
  );
  const executorOutput = outputs.outputFile ?? `${CONTAINER_TASK_FOLDER}/executor_output.json`;
  const folders = [...parameters, ...artifacts, executorOutput].map((file) =>
    path.posix.dirname(file),
  );
  return {
    version: 1,
    s3,
    inputs: spec.files.inputs.flatMap(({ sourceUri, seenPath, digest }) =>
      sourceUri === undefined
        ? []
        : [{ from: sourceUri, to: seenPath, ...(digest === undefined ? {} : { digest }) }],
    ),
    folders: [...new Set(folders)].sort(),
    root: CONTAINER_TASK_FOLDER,
    place: spec.stagingUri,
    outputs: artifacts.map(below),
    documents: [...parameters, executorOutput].map(below),
    executorOutput: below(executorOutput),
    listing: LISTING,
  };
}
