import type { Command } from 'commander';
import type { AnswerOptions } from '../answer-run.js';
import { defineCommand, withBody, withExamples, type CommandHost } from '../define-command.js';

/** `anneal reject RUN` */
export function rejectCommand(host: CommandHost): Command {
  const command = defineCommand('reject', 'keep a model back that waits for an approval')
    .argument('<run>', 'id of the run')
    .option('--reason <text>', 'why, for the record')
    .option('--by <name>', 'who refuses (default: your user name)')
    .option('--task <path>', 'which deployment, where several wait');
  withExamples(command, [
    ['anneal reject RUN --reason "trained before the price change"', 'the run ends without it'],
  ]);
  return withBody<[string], AnswerOptions>(host, command, async (context, [runId], options) => {
    const { rejectRun } = await import('../answer-run.js');
    return rejectRun(context, runId, options);
  });
}
