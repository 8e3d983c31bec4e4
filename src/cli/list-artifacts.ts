import type { ArtifactRef, RunView } from '../contract/index.js';
import { formatBytes } from '../util/index.js';
import type { CliContext } from './cli-context.js';
import type { Output } from './output/output.js';
import { table } from './output/table.js';
import { readRun } from './read-run.js';
import { openWorkplace } from './session.js';

/** One artifact with the task and output that it came from. */
interface RunArtifact {
  readonly task: string;
  readonly output: string;
  readonly artifact: ArtifactRef;
}

/** Prints what a run made, task by task. @throws E_NOT_FOUND */
export async function listArtifacts(context: CliContext, runId: string): Promise<void> {
  const { output } = context;
  const view = await readRun(context, await openWorkplace(context), runId);
  const artifacts = artifactsOf(view);
  output.json({ runId, artifacts: artifacts.map(artifactJson) });
  output.result(
    artifacts.length === 0 ? 'No artifacts.' : artifactTable(artifacts, output.resultColors),
  );
}

/** Of tasks that ran code: what a group passes on is its members' already. */
function artifactsOf({ tasks }: RunView): RunArtifact[] {
  return tasks
    .filter(({ kind }) => kind !== 'dag' && kind !== 'loop')
    .flatMap(({ name: task, outputs }) =>
      Object.entries(outputs?.artifacts ?? {}).flatMap(([output, list]) =>
        list.map((artifact) => ({ task, output, artifact })),
      ),
    );
}

function artifactJson({ task, output, artifact }: RunArtifact): object {
  const { uri, digest, sizeBytes, type, metadata } = artifact;
  return { task, output, type, uri, digest, sizeBytes, metadata };
}

function artifactTable(artifacts: readonly RunArtifact[], colors: Output['colors']): string {
  const heading = ['TASK', 'OUTPUT', 'TYPE', 'SIZE', 'DIGEST'].map((word) => colors.dim(word));
  return table([heading, ...artifacts.map(artifactRow)]);
}

function artifactRow({ task, output, artifact }: RunArtifact): string[] {
  const { type, sizeBytes, digest } = artifact;
  const size = sizeBytes === undefined ? '' : formatBytes(sizeBytes);
  return [task, output, type, size, digest?.slice(0, 19) ?? artifact.uri];
}
