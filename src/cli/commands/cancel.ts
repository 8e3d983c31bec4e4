import type { Command } from 'commander';
import { defineCommand, withBody, withExamples, type CommandHost } from '../define-command.js';

/** `anneal cancel RUN` */
export function cancelCommand(host: CommandHost): Command {
  const command = defineCommand('cancel', 'end a run; its exit tasks still run').argument(
    '<run>',
    'id of the run',
  );
  withExamples(command, [['anneal cancel RUN', 'returns when everything it started is gone']]);
  return withBody<[string], unknown>(host, command, async (context, [runId]) => {
    const { cancelRun } = await import('../cancel-run.js');
    return cancelRun(context, runId);
  });
}
