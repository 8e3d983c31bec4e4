// Where each output artifact's bytes are after the task ended.
//
// A1. `published` names a path within the attempt's folder that holds the bytes.
// A2. An address with a foreign scheme is recorded as it is; the bytes are not ours to digest.
// A3. A missing file is an artifact of metadata only (KFP allows it, its Metrics have none): an empty
//     file is written, so that it has a digest and a consumer that opens it does not fail.
// A4. A local file outside the folder is copied in, unless it is an input passed through.
// A5. A path that only the task's own machine or container has is never looked up on this one.

import { cp, mkdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { outputNotReadable } from '../../errors/task.js';
import type {
  ArtifactTypeSchemaJson,
  ComponentSpecJson,
  ExecutorOutputJson,
  RuntimeArtifactJson,
} from '../../ir/index.js';
import { isStoreSegment, safeSegment } from '../../storage/index.js';
import type { JsonObject } from '../../util/json.js';
import { hostPath, type TaskFiles } from '../task-files.js';
import type { TaskArtifact, TaskInput } from './executor-input.js';

/** Artifacts as executor_output.json lists them, by output. */
export type ReportedArtifacts = NonNullable<ExecutorOutputJson['artifacts']>;

export interface CollectedArtifact {
  readonly name: string;
  readonly type: ArtifactTypeSchemaJson;
  readonly metadata: JsonObject;
  readonly content:
    | { readonly kind: 'published'; readonly relativePath: string }
    | { readonly kind: 'external'; readonly uri: string }
    /** The very path of an input: the task returned what it got. */
    | { readonly kind: 'input'; readonly uri: string };
}

/** Where the outputs of an execution are. */
export interface OutputPlaces {
  readonly files: TaskFiles;
  /** Trees that are in the store already, by path below the attempt's folder. */
  readonly transferred?: ReadonlyMap<string, unknown>;
}

interface ArtifactsRequest {
  readonly component: ComponentSpecJson;
  readonly input: TaskInput;
  readonly places: OutputPlaces;
  readonly reported: ReportedArtifacts;
}

/** Lists the artifacts of every declared output, in the component's order. */
export async function collectArtifacts(
  request: ArtifactsRequest,
): Promise<Record<string, CollectedArtifact[]>> {
  const collected: Record<string, CollectedArtifact[]> = {};
  const declared = request.component.outputDefinitions?.artifacts ?? {};
  for (const [name, definition] of Object.entries(declared)) {
    const given = request.input.outputs.artifacts[name]!.artifacts[0]!;
    const reported = request.reported[name]?.artifacts ?? [];
    const wanted = definition.isArtifactList ? reported : [reported[0] ?? {}];
    collected[name] = [];
    for (const [index, artifact] of wanted.entries()) {
      collected[name].push(await collectOne(artifact, given, index, request));
    }
  }
  return collected;
}

async function collectOne(
  reported: RuntimeArtifactJson & { custom_path?: string },
  given: TaskArtifact,
  index: number,
  request: ArtifactsRequest,
): Promise<CollectedArtifact> {
  const address = reported.customPath || reported.custom_path || reported.uri || given.uri;
  return {
    name: given.name,
    type: given.type,
    metadata: { ...given.metadata, ...((reported.metadata ?? {}) as JsonObject) },
    content: await locate(address, given, index, request),
  };
}

async function locate(
  address: string,
  given: TaskArtifact,
  index: number,
  { input, places }: ArtifactsRequest,
): Promise<CollectedArtifact['content']> {
  const seen = localPathOf(address);
  if (seen === undefined) return { kind: 'external', uri: address };
  const inputs = Object.values(input.inputs.artifacts).flatMap(({ artifacts }) => artifacts);
  if (inputs.some(({ uri }) => uri === seen)) return { kind: 'input', uri: seen };
  const { files } = places;
  const own = path.relative(files.seenFolder, seen);
  const local = hostPath(files, seen);
  if (local === undefined) {
    throw outputNotReadable(given.name, `${seen} was a place of the task's own machine`); // A5
  }
  if (!own.split(path.sep).every(isStoreSegment)) {
    return copyIn(local, given, index, files.folder);
  }
  if (!isTransferred(own, places) && !(await exists(local))) {
    if (seen !== given.uri) throw outputNotReadable(given.name, `there is nothing at ${seen}`);
    await mkdir(path.dirname(local), { recursive: true });
    await writeFile(local, '');
  }
  return { kind: 'published', relativePath: own };
}

function isTransferred(relativePath: string, { transferred }: OutputPlaces): boolean {
  return [...(transferred?.keys() ?? [])].some(
    (tree) => relativePath === tree || relativePath.startsWith(`${tree}/`),
  );
}

async function copyIn(
  local: string,
  given: TaskArtifact,
  index: number,
  folder: string,
): Promise<CollectedArtifact['content']> {
  if (!(await exists(local))) throw outputNotReadable(given.name, `there is nothing at ${local}`);
  const name = index === 0 ? given.name : `${given.name}-${index}`;
  const relativePath = path.join('outputs', safeSegment(name));
  await cp(local, path.join(folder, relativePath), { recursive: true, force: true });
  return { kind: 'published', relativePath };
}

function localPathOf(address: string): string | undefined {
  if (address.startsWith('file://')) return fileURLToPath(address);
  return path.isAbsolute(address) ? path.normalize(address) : undefined;
}

async function exists(local: string): Promise<boolean> {
  return stat(local).then(
    () => true,
    () => false,
  );
}
