import { InvalidArgumentError, type Command } from 'commander';
import type { LogsOptions } from '../print-logs.js';
import { defineCommand, withBody, withExamples, type CommandHost } from '../define-command.js';

/** `anneal logs RUN TASK` */
export function logsCommand(host: CommandHost): Command {
  const command = defineCommand('logs', "print what a run's task wrote")
    .argument('<run>', 'id of the run')
    .argument('[task]', 'path of the task; default: the one that failed, or runs')
    .option('-f, --follow', 'go on printing until the task has ended')
    .option('-n, --tail <lines>', 'only the last lines', count);
  withExamples(command, [
    ['anneal logs RUN train', 'all of it'],
    ['anneal logs RUN train -f', 'while it runs'],
    ['anneal logs RUN', 'of the task that failed'],
  ]);
  return withBody<[string, string | undefined], LogsOptions>(
    host,
    command,
    async (context, [runId, task], options) => {
      const { printLogs } = await import('../print-logs.js');
      return printLogs(context, runId, task, options);
    },
  );
}

function count(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new InvalidArgumentError('Give a whole number.');
}
