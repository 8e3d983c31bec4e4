// The tasks that KFP's SDK compiles for creating and deleting a volume: images that nobody ever pulls.
//
// V1. The name of a new volume follows from the execution, so that a second try finds the first one's volume.

import { createHash } from 'node:crypto';
import type { TaskValues } from '../contract/index.js';
import { platformUnsupported } from '../errors/task.js';
import type { JsonObject } from '../util/json.js';
import type { ExecutionId, VolumeStore, WantedVolume } from './runner.js';

/** Images of the volume tasks (backend/src/v2/driver/k8s.go, dummyImages). */
const OPERATIONS = { 'argostub/createpvc': createVolume, 'argostub/deletepvc': deleteVolume };

export type VolumeImage = keyof typeof OPERATIONS;

/** Whether an image stands for work on volumes. */
export function isVolumeImage(image: string): image is VolumeImage {
  return Object.hasOwn(OPERATIONS, image);
}

/** Carries out a volume task. @throws E_UNSUPPORTED */
export async function runVolumeTask(
  image: VolumeImage,
  id: ExecutionId,
  parameters: JsonObject,
  volumes: VolumeStore,
): Promise<TaskValues> {
  return { parameters: await OPERATIONS[image](id, parameters, volumes), artifacts: {} };
}

async function createVolume(
  id: ExecutionId,
  parameters: JsonObject,
  volumes: VolumeStore,
): Promise<JsonObject> {
  const { pvc_name: given = '', pvc_name_suffix: suffix = '' } = parameters;
  if (given !== '' && suffix !== '') {
    throw platformUnsupported(id.task, 'pvc_name', 'at most one of name and suffix may be given');
  }
  const own = createHash('sha256').update(`${id.runId}/${id.task}`).digest('hex').slice(0, 32);
  const name = given === '' ? `${own}${textOf(suffix)}` : textOf(given);
  await volumes.createVolume(id.task, name, wantedVolume(parameters));
  return { name };
}

/** The inputs of KFP's CreatePVC (kfp-kubernetes, create_pvc). */
function wantedVolume(parameters: JsonObject): WantedVolume {
  const source = parameters['data_source'] as { readonly name?: string } | undefined;
  const { access_modes: modes, storage_class_name: storageClass, annotations } = parameters;
  const size = textOf(parameters['size']);
  const volumeName = textOf(parameters['volume_name']);
  return {
    ...(source?.name ? { copyOf: source.name } : {}),
    ...(Array.isArray(modes) ? { accessModes: modes.map(textOf) } : {}),
    ...(size === '' ? {} : { size }),
    ...(typeof storageClass === 'string' ? { storageClassName: storageClass } : {}),
    ...(volumeName === '' ? {} : { volumeName }),
    ...(isTexts(annotations) ? { annotations } : {}),
  };
}

function isTexts(value: unknown): value is Record<string, string> {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject && Object.values(value).every((each) => typeof each === 'string');
}

async function deleteVolume(
  id: ExecutionId,
  parameters: JsonObject,
  volumes: VolumeStore,
): Promise<JsonObject> {
  await volumes.deleteVolume(id.task, textOf(parameters['pvc_name'] ?? ''));
  return {};
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
