import type { Command } from 'commander';
import { defineCommand, withBody, withExamples, type CommandHost } from '../define-command.js';

/** `anneal resume RUN` */
export function resumeCommand(host: CommandHost): Command {
  const command = defineCommand('resume', 'let a paused run go on').argument(
    '<run>',
    'id of the run',
  );
  withExamples(command, [['anneal resume RUN', 'tasks start again at once']]);
  return withBody<[string], unknown>(host, command, async (context, [runId]) => {
    const { resumeRun } = await import('../pause-run.js');
    return resumeRun(context, runId);
  });
}
