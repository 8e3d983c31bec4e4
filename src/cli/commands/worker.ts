import type { Command } from 'commander';
import { defineCommand, withBody, withExamples, type CommandHost } from '../define-command.js';

/** `anneal worker` */
export function workerCommand(host: CommandHost): Command {
  const command = defineCommand('worker', 'run a worker for a Temporal cluster until Ctrl-C');
  withExamples(command, [
    ['TEMPORAL_ADDRESS=temporal.internal:7233 anneal worker', 'takes runs from that cluster'],
  ]);
  return withBody<[], unknown>(host, command, async (context) => {
    const { runWorker } = await import('../run-worker.js');
    return runWorker(context);
  });
}
