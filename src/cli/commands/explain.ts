import type { Command } from 'commander';
import { defineCommand, withBody, withExamples, type CommandHost } from '../define-command.js';

/** `anneal explain RUN` */
export function explainCommand(host: CommandHost): Command {
  const command = defineCommand(
    'explain',
    'say why a run failed or does not go on, and what to do next',
  ).argument('<run>', 'id of the run');
  withExamples(command, [['anneal explain RUN', 'the cause, its log, the command to paste']]);
  return withBody<[string], unknown>(host, command, async (context, [runId]) => {
    const { explain } = await import('../explain-run.js');
    return explain(context, runId);
  });
}
