// Decoders of the contract's shapes, as records hold them.

import type {
  AgreementView,
  ArtifactRef,
  DeploymentView,
  ErrorView,
  RunIdentity,
  TaskValues,
} from '../contract/index.js';
import { ERROR_CODES, type ErrorCode } from '../errors/index.js';
import {
  count,
  digest,
  fields,
  flag,
  instant,
  jsonObject,
  listOf,
  mapOf,
  oneOf,
  optional,
  text,
} from './decode.js';

export const artifactRef = fields<ArtifactRef>({
  name: text,
  type: text,
  schemaVersion: text,
  uri: text,
  digest: optional(digest),
  sizeBytes: optional(count),
  metadata: jsonObject,
});

export const taskValues = fields<TaskValues>({
  parameters: jsonObject,
  artifacts: mapOf(listOf(artifactRef)),
});

export const runIdentity = fields<RunIdentity>({
  runId: text,
  pipeline: text,
  digest,
  createdAt: optional(instant),
  scheduledAt: optional(instant),
});

const approvalView = fields<AgreementView>({
  by: text,
  reason: optional(text),
  at: instant,
});

export const deploymentView = fields<DeploymentView>({
  status: oneOf(
    'promoted',
    'shadowing',
    'splitting',
    'refused',
    'rolled_back',
    'failed',
    'superseded',
  ),
  endpoint: text,
  url: optional(text),
  reason: optional(text),
  unchanged: optional(flag),
  modelDigest: optional(text),
  percent: optional(count),
  approval: optional(approvalView),
});

export const errorView = fields<ErrorView>({
  code: oneOf(...(Object.keys(ERROR_CODES) as ErrorCode[])),
  message: text,
  task: optional(text),
  hint: optional(text),
  where: optional(text),
  details: optional(jsonObject),
});
