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
    const { openWorkplace } = await import('../session.js');
    const { readRun } = await import('../read-run.js');
    const { runJson } = await import('../output/run-json.js');
    const { runSummary } = await import('../output/run-summary.js');
    const view = await readRun(context, await openWorkplace(context), runId);
    context.output.json(runJson(view));
    context.output.result(runSummary(view, { colors: context.output.resultColors }));
  });
}
