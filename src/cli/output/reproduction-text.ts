import type {
  ByteDifference,
  CauseDifference,
  LockComparison,
  OutputDifference,
} from '../../client/index.js';
import type { JsonValue } from '../../util/index.js';
import type { Output } from './output.js';

type Colors = Output['colors'];

/** An output that differs, and where. */
export interface LocatedDifference extends Omit<OutputDifference, 'artifacts'> {
  readonly bytes?: ByteDifference;
}

export interface Reproduction extends Omit<LockComparison, 'differences'> {
  readonly runId: string;
  readonly reproducedAs: string;
  readonly differences: readonly LocatedDifference[];
}

/** Says whether a run was reproduced; if not, what differs first, and what may be the reason. */
export function reproductionText(result: Reproduction, colors: Colors): string {
  const { runId, reproducedAs, compared, differences, causes, identical } = result;
  const scope = `${compared.outputs} outputs of ${compared.tasks} tasks`;
  if (identical) {
    return [
      `${colors.green('Identical:')} run ${reproducedAs} made the ${scope} of run ${runId} again, bit by bit.`,
      ...causes.map((cause) => `  ${colors.dim(causeLine(cause))}`),
    ].join('\n');
  }
  const origins = differences.filter(({ isOrigin }) => isOrigin);
  const others = differences.filter(({ isOrigin }) => !isOrigin);
  return [
    `${colors.red('Different:')} run ${reproducedAs} did not make all ${scope} of run ${runId} again.`,
    ...section('Other outputs from the same inputs:', origins.map(differenceLine)),
    ...section('And because of that, or of what is below:', others.map(differenceLine)),
    ...section('What differs between the two runs:', causes.map(causeLine)),
    ...(causes.length > 0 || origins.length === 0
      ? []
      : [
          '',
          'Data, environment and versions are the same: the named tasks are not deterministic.',
        ]),
  ].join('\n');
}

function section(heading: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', heading, ...lines.map((line) => `  ${line}`)];
}

function differenceLine({ task, output, kind, before, after, bytes }: LocatedDifference): string {
  if (kind === 'task') return `${task}: ${short(before)} before, ${short(after)} now`;
  if (kind !== 'artifact')
    return `${task}: ${kind} ${output}: ${short(before)} before, ${short(after)} now`;
  return `${task}: output ${output}: ${bytes === undefined ? `${short(before)} before, ${short(after)} now` : place(bytes)}`;
}

function place({ file, offset, sizes: [before, after] }: ByteDifference): string {
  const name = file === '' ? '' : `${file}: `;
  if (offset === undefined)
    return `${name}only in ${before === undefined ? 'the second' : 'the first'} run`;
  return `${name}differs from byte ${offset} on (${before} bytes before, ${after} now)`;
}

function causeLine({ kind, name, before, after }: CauseDifference): string {
  const subject = kind === name ? kind : `${kind} ${name}`;
  return `${subject}: ${short(before ?? 'absent')} before, ${short(after ?? 'absent')} now`;
}

/** Digests and long values are cut: --json has them whole. */
function short(value: JsonValue): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  if (/^sha256:[0-9a-f]{64}$/u.test(text)) return text.slice(0, 'sha256:'.length + 12);
  return text.length <= 60 ? text : `${text.slice(0, 59)}…`;
}
