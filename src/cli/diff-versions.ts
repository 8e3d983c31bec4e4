import { diffPipelines, type PipelineChange } from '../ir/diff/index.js';
import type { JsonValue } from '../util/index.js';
import type { CliContext } from './cli-context.js';
import type { Output } from './output/output.js';
import { loadPipeline } from './pipeline-source.js';
import { openWorkplace } from './session.js';

export interface DiffOptions {
  readonly exitCode?: boolean;
}

const EXIT_DIFFERENT = 1;

/**
 * Prints what differs between two pipelines.
 *
 * @returns 0, or with --exit-code 1 when they differ: like git, so that scripts with `set -e` go on by default
 */
export async function diffVersions(
  context: CliContext,
  wanted: readonly [before: string, after: string],
  { exitCode }: DiffOptions,
): Promise<number> {
  const { output, environment } = context;
  const { store } = await openWorkplace(context);
  const [before, after] = await Promise.all(
    wanted.map((each) => loadPipeline(each, environment.cwd, store)),
  );
  const { isEqual, changes } = diffPipelines(before!.pipeline, after!.pipeline);
  output.json({ before: wanted[0], after: wanted[1], equal: isEqual, changes });
  output.result(
    isEqual ? sameText(before!.text === after!.text) : describe(changes, output.resultColors),
  );
  return exitCode === true && !isEqual ? EXIT_DIFFERENT : 0;
}

function sameText(isSameText: boolean): string {
  return isSameText
    ? 'No difference.'
    : 'No difference in what they do; their texts differ (descriptions, SDK version, inner names).';
}

/** Changes below the place they belong to. */
function describe(changes: readonly PipelineChange[], colors: Output['colors']): string {
  const lines: string[] = [];
  let place = '';
  for (const change of changes) {
    if (change.what === undefined) {
      const [sign, paint] = signOf(change, colors);
      lines.push(paint(`${sign} task ${change.place}`));
      continue;
    }
    if (change.place !== place) lines.push(colors.bold(titleOf(change.place)));
    place = change.place;
    lines.push(...describeChange(change, colors));
  }
  return lines.join('\n');
}

function titleOf(place: string): string {
  return place === 'pipeline' ? 'pipeline' : `task ${place}`;
}

function describeChange(change: PipelineChange, colors: Output['colors']): string[] {
  const [sign, paint] = signOf(change, colors);
  const { what, before, after, patch } = change;
  if (patch !== undefined) {
    return [
      paint(`  ${sign} ${what}`),
      ...patch.split('\n').map((line) => patchLine(line, colors)),
    ];
  }
  const values =
    change.kind === 'changed'
      ? `${show(before)} → ${show(after)}`
      : show(change.kind === 'added' ? after : before);
  return [paint(`  ${sign} ${what}: ${values}`)];
}

function patchLine(line: string, colors: Output['colors']): string {
  const text = `    ${line}`;
  if (line.startsWith('+')) return colors.green(text);
  if (line.startsWith('-')) return colors.red(text);
  return line.startsWith('@@') ? colors.dim(text) : text;
}

function signOf(
  { kind }: PipelineChange,
  colors: Output['colors'],
): [sign: string, paint: (text: string) => string] {
  if (kind === 'added') return ['+', colors.green];
  return kind === 'removed' ? ['-', colors.red] : ['~', colors.yellow];
}

function show(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
