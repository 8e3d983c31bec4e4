import type { Command } from 'commander';
import { defineCommand, withBody, withExamples, type CommandHost } from '../define-command.js';

/** `anneal compare RUN RUN…` */
export function compareCommand(host: CommandHost): Command {
  const command = defineCommand('compare', 'compare parameters and metrics of runs')
    .argument('<run>', 'run that the others are compared with')
    .argument('<others...>', 'one run or more')
    .option('--all', 'also what is the same in all of them');
  withExamples(command, [
    ['anneal compare RUN RUN', 'what differs'],
    ['anneal compare RUN RUN RUN --json', 'all values, for scripts'],
  ]);
  return withBody<[string, string[]], { all?: boolean }>(
    host,
    command,
    async (context, [run, others], { all }) => {
      const { printComparison } = await import('../compare-runs.js');
      return printComparison(context, [run, ...others], all ?? false);
    },
  );
}
