import { InvalidArgumentError, Option, type Command } from 'commander';
import type { RunsOptions } from '../list-runs.js';
import { readSince } from '../read-time.js';
import { defineCommand, withBody, withExamples, type CommandHost } from '../define-command.js';

/** `anneal runs` */
export function runsCommand(host: CommandHost): Command {
  const command = defineCommand('runs', 'list runs, the newest first')
    .option('-n, --limit <count>', 'how many at most', positiveInteger, 20)
    .option('--pipeline <name>', 'only runs of this pipeline')
    .addOption(
      new Option('--status <status>', 'only runs in this state').choices([
        'running',
        'succeeded',
        'failed',
        'canceled',
      ]),
    )
    .addOption(
      new Option('--outcome <outcome>', 'only runs that ended so, or wait for an approval').choices(
        ['waiting_approval', 'succeeded', 'failed', 'canceled', 'refused'],
      ),
    )
    .option('--since <time>', 'only runs started since then: 2h, 7d, 2026-01-31', readSince);
  withExamples(command, [
    ['anneal runs --status failed', 'what went wrong lately'],
    ['anneal runs --outcome refused --since 7d', 'models that the gate kept back this week'],
    ['anneal runs --outcome waiting_approval', 'runs in which a person is asked'],
    ['anneal runs --json', 'for scripts'],
  ]);
  return withBody<[], RunsOptions>(host, command, async (context, _, options) => {
    const { listRuns } = await import('../list-runs.js');
    return listRuns(context, options);
  });
}

function positiveInteger(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new InvalidArgumentError('Give a whole number above 0.');
}
