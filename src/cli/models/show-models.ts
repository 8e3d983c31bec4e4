import {
  chooseVersion,
  listModels,
  parseModelReference,
  showModel,
  type ModelEvent,
  type ModelVersionView,
  type ModelView,
} from '../../models/index.js';
import type { CliContext } from '../cli-context.js';
import type { Output } from '../output/output.js';
import { table } from '../output/table.js';
import { timeText } from '../output/time-text.js';
import { openWorkplace } from '../session.js';

type Colors = Output['colors'];

/** Prints all models, from the store alone. */
export async function listAllModels(context: CliContext): Promise<void> {
  const { output } = context;
  const { store } = await openWorkplace(context);
  const models = await listModels(store);
  output.json({ models });
  if (models.length === 0) return output.result('No models: a run that deploys registers its own.');
  const { dim } = output.resultColors;
  const heading = ['MODEL', 'CHAMPION', 'VERSIONS', 'NEWEST', 'VERDICT'].map((word) => dim(word));
  output.result(table([heading, ...models.map(modelRow)]));
}

/** Prints a model, or one version of it. @throws E_NOT_FOUND */
export async function showOneModel(context: CliContext, text: string): Promise<void> {
  const { output } = context;
  const { store } = await openWorkplace(context);
  const { name, version } = parseModelReference(text);
  const model = await showModel(store, name);
  const colors = output.resultColors;
  if (version === undefined) {
    output.json(model);
    return output.result(modelText(model, colors));
  }
  const chosen = chooseVersion(model, version);
  output.json(chosen);
  output.result(versionText(chosen, model.events, colors));
}

function modelRow({ name, champion, versions }: ModelView): string[] {
  const [newest] = versions;
  return [
    name,
    champion === undefined ? '–' : `@${champion}`,
    String(versions.length),
    newest === undefined ? '' : `@${newest.version} ${newest.createdAt.slice(0, 10)}`,
    newest === undefined ? '' : verdictOf(newest),
  ];
}

function modelText({ name, versions, formerChampion }: ModelView, { bold, dim }: Colors): string {
  const heading = ['VERSION', 'STAGE', 'VERDICT', 'RUN', 'OFFERED', 'MODEL'].map((word) =>
    dim(word),
  );
  const back =
    formerChampion === undefined
      ? []
      : ['', dim(`Back to @${formerChampion}: anneal models rollback ${name}`)];
  return [bold(name), table([heading, ...versions.map(versionRow)]), ...back].join('\n');
}

function versionRow(view: ModelVersionView): string[] {
  const { version, stage, run, createdAt, model } = view;
  const day = createdAt.replace('T', ' ').slice(0, 16);
  return [`@${version}`, stage, verdictOf(view), run.runId, day, model.digest.slice(0, 19)];
}

function verdictOf({ verdict, approvedBy }: ModelVersionView): string {
  if (verdict === undefined) return '–';
  return approvedBy === undefined ? verdict.replace('_', ' ') : `approved by ${approvedBy}`;
}

function versionText(
  view: ModelVersionView,
  events: readonly ModelEvent[],
  { bold, dim }: Colors,
): string {
  const { name, version, stage, model, run, metrics, data, code } = view;
  const section = (title: string, rows: string[][]): string[][] =>
    rows.length === 0 ? [] : [[dim(title)], ...rows];
  const own = events.filter((event) => event.version === version);
  return [
    bold(`${name}@${version}`),
    table([
      ['stage', stage],
      ['verdict', verdictOf(view)],
      ...(view.reason === undefined ? [] : [['reason', view.reason]]),
      ['run', run.runId],
      ['pipeline', `${run.pipeline} ${run.digest.slice(0, 19)}`],
      ['model', model.digest],
      ['stored at', model.uri],
      ...section(
        'METRICS',
        Object.entries(metrics).map(([metric, value]) => [metric, String(value)]),
      ),
      ...section(
        'DATA',
        data.map((each) => [each.name, each.digest ?? each.uri]),
      ),
      ...section(
        'CODE',
        Object.entries(code).map(([task, digest]) => [task, digest.slice(0, 19)]),
      ),
      ...section('HISTORY', own.map(eventRow)),
    ]),
  ].join('\n');
}

function eventRow({ at, kind, verdict, by, reason }: ModelEvent): string[] {
  const what = kind === 'judged' ? `judged: ${verdict?.replace('_', ' ')}` : kind.replace('_', ' ');
  const why = reason === undefined ? '' : `: ${reason}`;
  return [timeText(at), `${what}, by ${by}${why}`];
}
