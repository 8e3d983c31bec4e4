import { InvalidArgumentError, Option, type Command } from 'commander';
import {
  defineCommand,
  withBody,
  withCommonFlags,
  withExamples,
  type CommandHost,
} from '../define-command.js';
import type { GetArtifactOptions } from '../get-artifact.js';

/** `anneal artifacts RUN`, `anneal artifacts get RUN TASK OUTPUT`; `artifact` is the same. */
export function artifactsCommand(host: CommandHost): Command {
  const command = withCommonFlags(defineCommand('artifacts', "list or fetch a run's artifacts"))
    .alias('artifact')
    .addCommand(listCommand(host), { isDefault: true })
    .addCommand(getCommand(host));
  return withExamples(command, [
    ['anneal artifacts RUN', 'what the run made: task, output, type, size, digest'],
    ['anneal artifacts get RUN train model', 'into ./model, verified'],
    ['anneal artifacts get RUN train model --url --expires 1h', 'links instead (S3 stores)'],
  ]);
}

function listCommand(host: CommandHost): Command {
  const list = defineCommand('list', "list a run's artifacts").argument('<run>', 'id of the run');
  return withBody<[string], unknown>(host, list, async (context, [runId]) => {
    const { listArtifacts } = await import('../list-artifacts.js');
    return listArtifacts(context, runId);
  });
}

function getCommand(host: CommandHost): Command {
  const get = defineCommand('get', 'fetch an artifact and verify its digest')
    .argument('<run>', 'id of the run')
    .argument('<task>', 'path of the task')
    .argument('<output>', "name of the task's output")
    .addOption(
      new Option('-o, --output <path>', 'where to write it; must not exist').conflicts('url'),
    )
    .option('--index <n>', 'which one, of an output that is a list; from 0', wholeNumber)
    .option('--url', 'print links for download instead (S3 stores)')
    .option('--expires <time>', 'how long the links hold: 15m, 1h, at most 7d', seconds, 3600);
  return withBody<[string, string, string], GetArtifactOptions>(
    host,
    get,
    async (context, [runId, task, name], options) => {
      const { getArtifact } = await import('../get-artifact.js');
      return getArtifact(context, { runId, task, name }, options);
    },
  );
}

const SECONDS = { s: 1, m: 60, h: 3600, d: 86_400 } as const;
/** A week: S3's limit. */
const LONGEST_SECONDS = 604_800;

function seconds(text: string): number {
  const [, count, unit] = /^(\d+)([smhd])$/.exec(text) ?? [];
  const value = Number(count) * SECONDS[unit as keyof typeof SECONDS];
  if (value >= 1 && value <= LONGEST_SECONDS) return value;
  throw new InvalidArgumentError('Give a time as 90s, 15m, 1h or 7d; 7d is the longest.');
}

function wholeNumber(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Give a whole number from 0.');
}
