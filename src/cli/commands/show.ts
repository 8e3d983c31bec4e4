import type { Command } from 'commander';
import { defineCommand, withBody, withExamples, type CommandHost } from '../define-command.js';

/** `anneal show RUN` */
export function showCommand(host: CommandHost): Command {
  const command = defineCommand('show', 'show what a run did, or is doing').argument(
    '<run>',
    'id of the run',
  );
  withExamples(command, [
    ['anneal show RUN', 'tasks, times, numbers'],
    ['anneal show RUN --json | jq .outputs', 'for scripts'],
  ]);
  return withBody<[string], unknown>(host, command, async (context, [runId]) => {
    const { showRun } = await import('../show-run.js');
    return showRun(context, runId);
  });
}
