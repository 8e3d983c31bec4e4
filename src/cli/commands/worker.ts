import { Option, type Command } from 'commander';
import { defineCommand, withBody, withExamples, type CommandHost } from '../define-command.js';

/** `anneal worker` */
export function workerCommand(host: CommandHost): Command {
  const command = defineCommand(
    'worker',
    'run a worker for a Temporal cluster until Ctrl-C',
  ).addOption(
    new Option(
      '--roles <names>',
      'what it takes: orchestration, cpu, gpu, deploy, separated by commas (default: ANNEAL_WORKER_ROLES)',
    ),
  );
  withExamples(command, [
    ['TEMPORAL_ADDRESS=temporal.internal:7233 anneal worker', 'takes runs from that cluster'],
    ['anneal worker --roles gpu', 'takes only tasks that ask for an accelerator'],
  ]);
  return withBody<[], { readonly roles?: string }>(host, command, async (context, _, options) => {
    const { runWorker } = await import('../run-worker.js');
    return runWorker(context, options);
  });
}
