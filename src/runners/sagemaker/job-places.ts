// Where a container of SageMaker has its files. AWS fixes them: below /opt/ml/processing for Processing jobs; for
// Training jobs a channel at /opt/ml/input/data/<name>, and what is uploaded at /opt/ml/model.

import type { SeenPlaces } from '../task-files.js';
import type { JobKind } from './job-choice.js';
import { seenInputPath } from './job-inputs.js';
import type { LauncherPlaces } from './launch-document.js';

/** Channel of the launch documents: no bucket's name has a capital letter. */
export const LAUNCH_CHANNEL = 'Launch';

export interface JobPlaces extends LauncherPlaces {
  /** Folder with one folder a bucket. */
  readonly inputs: string;
}

export const JOB_PLACES: Readonly<Record<JobKind, JobPlaces>> = {
  processing: {
    launch: '/opt/ml/processing/launch',
    inputs: '/opt/ml/processing/inputs',
    task: '/opt/ml/processing/task',
    message: '/opt/ml/output/message',
  },
  training: {
    launch: `/opt/ml/input/data/${LAUNCH_CHANNEL}`,
    inputs: '/opt/ml/input/data',
    task: '/opt/ml/model',
    message: '/opt/ml/output/failure',
    checkpoints: '/opt/ml/checkpoints',
  },
};

/** Where the tasks of one kind of job see their files. */
export function seenPlacesOf(kind: JobKind): SeenPlaces {
  const { task, inputs } = JOB_PLACES[kind];
  return { folder: task, inputPath: (input) => seenInputPath(inputs, input) };
}
