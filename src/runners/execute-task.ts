// One user-level try of one container task, from its inputs in the store to its outputs in the store.
//
// X1. Nothing is visible to readers until the caller publishes a manifest that names it.
// X2. Running it again for the same staging key finds the first execution, running or finished.

import { readFileSync, statSync } from 'node:fs';
import type { ArtifactRef, TaskValues } from '../contract/index.js';
import {
  inputNotReadable,
  outputNotReadable,
  platformUnsupported,
  valueTooLarge,
} from '../errors/task.js';
import type { ComponentSpecJson, ContainerSpecJson } from '../ir/index.js';
import type { PlatformSettings } from '../ir/platform/index.js';
import type { ArtifactStore, Staging } from '../storage/index.js';
import { localInputs } from './local-inputs.js';
import type { ExecutionId, LaunchSpec, Runner } from './runner.js';
import {
  buildExecutorInput,
  collectOutputs,
  executorInputJson,
  MAX_VALUE_BYTES,
  renderArguments,
  renderResources,
  renderText,
  type CollectedArtifact,
  type PlaceholderContext,
  type PlaceholderNames,
} from './task-contract/index.js';
import { isVolumeImage, runVolumeTask, type VolumeImage } from './volume-task.js';

export interface ExecuteTaskRequest {
  readonly id: ExecutionId;
  /** Store key of the attempt; the same key finds the same execution (X2). */
  readonly stagingKey: string;
  readonly component: ComponentSpecJson;
  readonly container: ContainerSpecJson;
  readonly inputs: TaskValues;
  readonly names: PlaceholderNames;
  readonly timeoutSeconds?: number;
  readonly platform?: PlatformSettings;
}

export interface ExecutedTask {
  readonly outputs: TaskValues;
  /** Absent where no code of the pipeline's ran. */
  readonly environmentDigest?: string;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly finishedAt: string;
  /** Local path of the log, and its key in the store. */
  readonly logPath?: string;
  readonly logKey?: string;
  readonly peakMemoryBytes?: number;
}

export interface ExecuteTaskTools {
  readonly store: ArtifactStore;
  readonly runner: Runner;
  readonly signal: AbortSignal;
}

/**
 * Executes a task.
 * @throws what Runner.run throws; E_TASK_OUTPUT, E_VALUE_SIZE, E_PLACEHOLDER, E_INPUT_NOT_FOUND, E_STORE
 */
export async function executeTask(
  request: ExecuteTaskRequest,
  { store, runner, signal }: ExecuteTaskTools,
): Promise<ExecutedTask> {
  const { image = '' } = request.container;
  if (isVolumeImage(image)) return executeVolumeTask(image, request, runner);
  const staging = await store.stage(request.stagingKey);
  const locals = await localInputs(request.inputs, store);
  const input = buildExecutorInput({
    component: request.component,
    inputs: request.inputs,
    localUri: ({ uri }) => locals.get(uri) ?? uri,
    folder: staging.folder,
  });
  const context = { input, names: request.names, readArtifact };
  const spec = launchSpec(request, context, staging.folder, [...locals.values()]);
  const outcome = await runner.run(spec, signal);
  const collected = await collectOutputs(request.component, input, staging.folder);
  const artifacts: Record<string, readonly ArtifactRef[]> = {};
  for (const [name, list] of Object.entries(collected.artifacts)) {
    artifacts[name] = await Promise.all(
      list.map((artifact) => publish(artifact, { staging, request, locals })),
    );
  }
  const hasLog = (await staging.publish('log.txt')) !== undefined;
  return {
    ...outcome,
    outputs: { parameters: collected.parameters, artifacts },
    ...(hasLog ? { logKey: `${request.stagingKey}/log.txt` } : {}),
  };
}

async function executeVolumeTask(
  image: VolumeImage,
  { id, inputs }: ExecuteTaskRequest,
  { name, volumes }: Runner,
): Promise<ExecutedTask> {
  if (volumes === undefined) {
    throw platformUnsupported(id.task, image, `the ${name} runner keeps no volumes`);
  }
  const startedAt = new Date().toISOString();
  const outputs = await runVolumeTask(image, id, inputs.parameters, volumes);
  return { outputs, startedAt, finishedAt: new Date().toISOString() };
}

function launchSpec(
  { id, container, timeoutSeconds, platform }: ExecuteTaskRequest,
  context: PlaceholderContext,
  folder: string,
  inputPaths: readonly string[],
): LaunchSpec {
  return {
    id,
    image: renderText(container.image ?? '', context),
    command: renderArguments(container.command ?? [], context, 'keep'),
    args: renderArguments(container.args ?? [], context),
    env: Object.fromEntries(
      (container.env ?? []).map(({ name = '', value = '' }) => [name, renderText(value, context)]),
    ),
    executorInput: executorInputJson(context.input),
    folder,
    inputPaths,
    resources: renderResources(container.resources, context),
    timeoutSeconds,
    platform,
  };
}

interface PublishContext {
  readonly staging: Staging;
  readonly request: ExecuteTaskRequest;
  readonly locals: ReadonlyMap<string, string>;
}

async function publish(artifact: CollectedArtifact, context: PublishContext): Promise<ArtifactRef> {
  const { content, name, metadata } = artifact;
  const type = artifact.type.schemaTitle ?? 'system.Artifact';
  const described = { name, type, schemaVersion: artifact.type.schemaVersion ?? '0.0.1', metadata };
  if (content.kind === 'external') return { ...described, uri: content.uri };
  if (content.kind === 'input') {
    const source = inputAt(content.uri, context);
    const { uri, digest, sizeBytes } = source ?? { uri: content.uri };
    return { ...described, uri, digest, sizeBytes };
  }
  const stored = await context.staging.publish(content.relativePath);
  if (stored === undefined) throw outputNotReadable(name, 'it vanished after the task ended');
  const { digest, sizeBytes } = stored;
  return { ...described, uri: context.staging.outputUri(content.relativePath), digest, sizeBytes };
}

function inputAt(local: string, { request, locals }: PublishContext): ArtifactRef | undefined {
  const inputs = Object.values(request.inputs.artifacts).flat();
  return inputs.find(({ uri }) => (locals.get(uri) ?? uri) === local);
}

function readArtifact(localPath: string): string {
  const { size } = statSync(localPath, { throwIfNoEntry: false }) ?? {};
  if (size === undefined) throw inputNotReadable(localPath);
  if (size > MAX_VALUE_BYTES) throw valueTooLarge(localPath, size, MAX_VALUE_BYTES);
  return readFileSync(localPath, 'utf8');
}
