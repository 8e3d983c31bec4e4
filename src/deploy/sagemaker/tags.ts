// Tags: who made an endpoint, from what, and which change of it was begun.

import type { Tag } from '@aws-sdk/client-sagemaker';
import { sha256Of } from '../../storage/index.js';
import type { DeploymentRequest } from '../deployer.js';

export const OWNER_TAG = 'anneal:endpoint';
export const RUN_TAG = 'anneal:run';
export const MODEL_TAG = 'anneal:model-digest';
export const DEPLOYMENT_TAG = 'anneal:deployment';
export const INTENT_TAG = 'anneal:intent';
export const VERDICT_TAG = 'anneal:verdict';
/** What the live model answered before another one came beside it; see live-answer.ts. */
export const LIVE_ANSWER_TAG = 'anneal:live-answer';
/** Digest of the model that has served beside the live one last. */
export const CANDIDATE_TAG = 'anneal:candidate-digest';
/** Says that the endpoint's instances are scaled by us. */
export const SCALING_TAG = 'anneal:autoscaling';

const VALUE_MAX_LENGTH = 256;
const KEY_MAX_LENGTH = 128;

/** Tags of everything that a deployment makes. */
export function deploymentTags(request: DeploymentRequest): Tag[] {
  return [
    { Key: OWNER_TAG, Value: request.endpointName },
    { Key: RUN_TAG, Value: tagValue(request.runId) },
    { Key: MODEL_TAG, Value: request.modelDigest },
    { Key: DEPLOYMENT_TAG, Value: tagValue(request.deploymentId) },
    ...Object.entries(request.sagemaker?.tags ?? {}).map(([Key, Value]) => ({
      Key: tagValue(Key).slice(0, KEY_MAX_LENGTH),
      Value: tagValue(Value),
    })),
  ];
}

/** Text as a tag's value: characters that AWS refuses become `_`. */
export function tagValue(text: string): string {
  return text.replace(/[^\p{L}\p{Z}\p{N}_.:/=+\-@]/gu, '_').slice(0, VALUE_MAX_LENGTH);
}

/**
 * An update that was about to be sent, written on the endpoint before it is: whoever comes after a
 * crash can tell an update that failed from one that was never sent.
 */
export interface UpdateIntent {
  readonly deploymentId: string;
  /** Configuration wanted by the update. */
  readonly configName: string;
  /** Configuration that served before. */
  readonly earlierConfigName: string;
  /** The endpoint's LastModifiedTime before the update, milliseconds since the epoch. */
  readonly modifiedAtMs: number;
}

/** Writes an intent as a tag's value. */
export function encodeIntent(intent: UpdateIntent): string {
  const { deploymentId, configName, earlierConfigName, modifiedAtMs } = intent;
  return [shortId(deploymentId), configName, earlierConfigName, modifiedAtMs].join('/');
}

/** Reads an intent back; undefined when there is none of this deployment and configuration. */
export function decodeIntent(
  recorded: string | undefined,
  wanted: Pick<UpdateIntent, 'deploymentId' | 'configName'>,
): UpdateIntent | undefined {
  const [deployment, configName, earlierConfigName, modifiedAt] = (recorded ?? '').split('/');
  const isOurs = deployment === shortId(wanted.deploymentId) && configName === wanted.configName;
  if (!isOurs || earlierConfigName === undefined || modifiedAt === undefined) return undefined;
  return { ...wanted, earlierConfigName, modifiedAtMs: Number(modifiedAt) };
}

/** Which configuration served before the last intended update, whoever intended it. */
export function earlierConfigOf(
  recorded: string | undefined,
  configName: string,
): string | undefined {
  const [, wanted, earlier] = (recorded ?? '').split('/');
  return wanted === configName ? earlier : undefined;
}

/**
 * That a configuration in service answered otherwise than its model did when it was trained, and is to be replaced by
 * the earlier one; written on the endpoint before it is.
 */
export interface Verdict {
  readonly deploymentId: string;
  readonly configName: string;
  readonly earlierConfigName: string;
  readonly reason: string;
}

/** Writes a verdict as a tag's value; a long reason is cut. */
export function encodeVerdict({
  deploymentId,
  configName,
  earlierConfigName,
  reason,
}: Verdict): string {
  return tagValue([shortId(deploymentId), configName, earlierConfigName, reason].join('/'));
}

/** Reads a verdict back; undefined when there is none of this deployment and configuration. */
export function decodeVerdict(
  recorded: string | undefined,
  wanted: Pick<Verdict, 'deploymentId' | 'configName'>,
): Verdict | undefined {
  const [deployment, configName, earlierConfigName, ...reason] = (recorded ?? '').split('/');
  const isOurs = deployment === shortId(wanted.deploymentId) && configName === wanted.configName;
  if (!isOurs || earlierConfigName === undefined) return undefined;
  return { ...wanted, earlierConfigName, reason: reason.join('/') };
}

/** Short enough for a tag beside two names of 63 characters. */
function shortId(deploymentId: string): string {
  return sha256Of(deploymentId).slice(-16);
}
