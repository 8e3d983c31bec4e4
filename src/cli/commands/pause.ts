import type { Command } from 'commander';
import type { PauseOptions } from '../pause-run.js';
import { defineCommand, withBody, withExamples, type CommandHost } from '../define-command.js';

/** `anneal pause RUN` */
export function pauseCommand(host: CommandHost): Command {
  const command = defineCommand('pause', 'let a run start no more tasks; what runs goes on')
    .argument('<run>', 'id of the run')
    .option('--reason <text>', 'why, for those who look at the run');
  withExamples(command, [
    ['anneal pause RUN --reason "the warehouse is down"', 'shown by anneal show and watch'],
  ]);
  return withBody<[string], PauseOptions>(host, command, async (context, [runId], options) => {
    const { pauseRun } = await import('../pause-run.js');
    return pauseRun(context, runId, options);
  });
}
