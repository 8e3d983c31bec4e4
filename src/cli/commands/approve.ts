import type { Command } from 'commander';
import type { AnswerOptions } from '../answer-run.js';
import { defineCommand, withBody, withExamples, type CommandHost } from '../define-command.js';

/** `anneal approve RUN` */
export function approveCommand(host: CommandHost): Command {
  const command = defineCommand('approve', 'agree to a deployment that waits for an approval')
    .argument('<run>', 'id of the run')
    .option('--reason <text>', 'why, for the record')
    .option('--by <name>', 'who agrees (default: your user name)')
    .option('--task <path>', 'which deployment, where several wait');
  withExamples(command, [
    ['anneal approve RUN --reason "checked with marketing"', 'the model goes live'],
    ['anneal runs --outcome waiting_approval', 'what waits for an answer'],
  ]);
  return withBody<[string], AnswerOptions>(host, command, async (context, [runId], options) => {
    const { approveRun } = await import('../answer-run.js');
    return approveRun(context, runId, options);
  });
}
