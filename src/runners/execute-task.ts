// One user-level try of one container task, from its inputs in the store to its outputs in the store.
//
// X1. Nothing is visible to readers until the caller publishes a manifest that names it.
// X2. Running it again for the same staging key finds the first execution, running or finished.
// X3. A container that was let go of is this host's: only here it can be found again.

import { readFileSync, statSync } from 'node:fs';
import type { ArtifactRef, TaskValues } from '../contract/index.js';
import {
  inputNotReadable,
  outputNotReadable,
  platformUnsupported,
  taskLetGo,
  valueTooLarge,
} from '../errors/task.js';
import { isAnnealError } from '../errors/index.js';
import type { ComponentSpecJson, ContainerSpecJson } from '../ir/index.js';
import type { PlatformSettings } from '../ir/platform/index.js';
import type { ArtifactStore, Staging, StoredContent } from '../storage/index.js';
import { atOnce, type Admission, type AdmissionWish } from './admission.js';
import { localInputs } from './local-inputs.js';
import {
  LET_GO,
  type ExecutionId,
  type LaunchOutcome,
  type LaunchSpec,
  type Runner,
} from './runner.js';
import { hostPath, inputSeenAt, layOutFiles, type TaskFiles } from './task-files.js';
import { transferSources } from './transfer-sources.js';
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
  /** Variables for the task beside its component's own, which win. */
  readonly variables?: Readonly<Record<string, string>>;
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
  /** Asked before the task is started; default: at once. */
  readonly admit?: Admission;
  /** Told what it waits for. */
  readonly progress?: (state: string) => void;
}

/**
 * Executes a task.
 * @throws what Runner.run throws; E_TASK_OUTPUT, E_VALUE_SIZE, E_PLACEHOLDER, E_INPUT_NOT_FOUND, E_STORE
 */
export async function executeTask(
  request: ExecuteTaskRequest,
  { store, runner, signal, admit = atOnce, progress = () => undefined }: ExecuteTaskTools,
): Promise<ExecutedTask> {
  const { image = '' } = request.container;
  if (isVolumeImage(image)) return executeVolumeTask(image, request, runner);
  const staging = await store.stage(request.stagingKey);
  const leave = await admit(wishOf(request, staging), { runner, signal, progress });
  const ended = new AbortController();
  try {
    return await executeStaged(request, {
      store,
      runner,
      signal,
      staging,
      inUse: AbortSignal.any([signal, ended.signal]),
    });
  } catch (error) {
    const isOver = isAnnealError(error) && !error.retryable && signal.reason !== LET_GO;
    // Other machines read the log of what failed, too; that it cannot be stored hides no reason.
    if (isOver) await staging.publish('log.txt').catch(() => undefined);
    throw error;
  } finally {
    ended.abort();
    leave();
  }
}

interface StagedTaskTools extends ExecuteTaskTools {
  readonly staging: Staging;
  /** Aborted when the inputs are not needed any more. */
  readonly inUse: AbortSignal;
}

async function executeStaged(
  request: ExecuteTaskRequest,
  { store, runner, signal, staging, inUse }: StagedTaskTools,
): Promise<ExecutedTask> {
  const files = await filesOf(request, { store, staging, runner, inUse });
  const input = buildExecutorInput({
    component: request.component,
    inputs: request.inputs,
    localUri: ({ uri }) => files.inputs.find((file) => file.uri === uri)?.seenPath ?? uri,
    folder: files.seenFolder,
  });
  const readSeen = (seen: string): string => readArtifact(hostPath(files, seen) ?? seen);
  const context = { input, names: request.names, readArtifact: readSeen };
  const spec = launchSpec(request, context, files, staging);
  const outcome = await runner.run(spec, signal).catch((error: unknown) => {
    // X3: whatever the runner says, the container goes on.
    if (runner.files === 'mounted' && signal.reason === LET_GO) throw taskLetGo(request.id.task);
    throw error;
  });
  const transferred = outcome.transferred ?? new Map<string, undefined>();
  const collected = await collectOutputs(request.component, input, { files, transferred });
  const artifacts: Record<string, readonly ArtifactRef[]> = {};
  for (const [name, list] of Object.entries(collected.artifacts)) {
    artifacts[name] = await Promise.all(
      list.map((artifact) => publish(artifact, { staging, request, files, outcome })),
    );
  }
  const hasLog = (await staging.publish('log.txt')) !== undefined;
  return {
    ...executionFacts(outcome),
    outputs: { parameters: collected.parameters, artifacts },
    ...(hasLog ? { logKey: `${request.stagingKey}/log.txt` } : {}),
  };
}

/** What the task asks for, known before any input has been brought here. */
function wishOf(
  { id, component, container, inputs, names }: ExecuteTaskRequest,
  { folder }: Staging,
): AdmissionWish {
  const input = buildExecutorInput({ component, inputs, localUri: ({ uri }) => uri, folder });
  const context = { input, names, readArtifact };
  return { id, folder, resources: renderResources(container.resources, context) };
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

function executionFacts(outcome: LaunchOutcome): Omit<ExecutedTask, 'outputs' | 'logKey'> {
  const { environmentDigest, logPath, peakMemoryBytes, startedAt, finishedAt } = outcome;
  return { environmentDigest, logPath, peakMemoryBytes, startedAt, finishedAt };
}

/** Brings the inputs to where the runner's tasks can get at them. */
async function filesOf(
  request: ExecuteTaskRequest,
  tools: Omit<StagedTaskTools, 'signal'>,
): Promise<TaskFiles> {
  const { inputs, container } = request;
  const { store, staging, runner, inUse } = tools;
  if (runner.files !== 'transferred') {
    const locals = await localInputs(inputs, store, inUse);
    return layOutFiles(runner.files, staging.folder, inputs, { locals, sources: new Map() });
  }
  const places = runner.seenPlaces?.(request.id.task, request.platform);
  const reads = JSON.stringify(container).includes("'].value");
  const locals = reads ? await localInputs(inputs, store, inUse) : new Map<string, string>();
  const sources = await transferSources(inputs, store, staging);
  return layOutFiles(runner.files, staging.folder, inputs, { locals, sources, places });
}

function launchSpec(
  { id, container, variables, timeoutSeconds, platform }: ExecuteTaskRequest,
  context: PlaceholderContext,
  files: TaskFiles,
  staging: Staging,
): LaunchSpec {
  return {
    id,
    image: renderText(container.image ?? '', context),
    command: renderArguments(container.command ?? [], context, 'keep'),
    args: renderArguments(container.args ?? [], context),
    env: {
      ...variables,
      ...Object.fromEntries(
        (container.env ?? []).map(({ name = '', value = '' }) => [
          name,
          renderText(value, context),
        ]),
      ),
    },
    executorInput: executorInputJson(context.input),
    folder: files.folder,
    files,
    stagingUri: staging.uri,
    resources: renderResources(container.resources, context),
    timeoutSeconds,
    platform,
  };
}

interface PublishContext {
  readonly staging: Staging;
  readonly request: ExecuteTaskRequest;
  readonly files: TaskFiles;
  readonly outcome: LaunchOutcome;
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
  const stored = await store(content.relativePath, context);
  if (stored === undefined) throw outputNotReadable(name, 'it vanished after the task ended');
  const { digest, sizeBytes } = stored.content;
  return { ...described, uri: stored.uri, digest, sizeBytes };
}

/** Makes one output durable, or takes over what the task's machine has stored. */
async function store(
  relativePath: string,
  { staging, outcome }: PublishContext,
): Promise<{ readonly uri: string; readonly content: StoredContent } | undefined> {
  const { transferred = new Map<string, undefined>(), transferredBelow } = outcome;
  const isTransferred = [...transferred.keys()].some(
    (tree) => relativePath === tree || relativePath.startsWith(`${tree}/`),
  );
  const below = isTransferred && transferredBelow !== undefined ? `${transferredBelow}/` : '';
  const place = `${below}${relativePath}`;
  const content = await (isTransferred
    ? staging.adopt(place, transferred.get(relativePath))
    : staging.publish(place));
  return content && { uri: staging.outputUri(place), content };
}

function inputAt(seen: string, { request, files }: PublishContext): ArtifactRef | undefined {
  const uri = inputSeenAt(files, seen)?.uri;
  return Object.values(request.inputs.artifacts)
    .flat()
    .find((artifact) => artifact.uri === uri);
}

function readArtifact(localPath: string): string {
  const { size } = statSync(localPath, { throwIfNoEntry: false }) ?? {};
  if (size === undefined) throw inputNotReadable(localPath);
  if (size > MAX_VALUE_BYTES) throw valueTooLarge(localPath, size, MAX_VALUE_BYTES);
  return readFileSync(localPath, 'utf8');
}
