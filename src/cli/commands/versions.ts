import type { Command } from 'commander';
import { defineCommand, withBody, withExamples, type CommandHost } from '../define-command.js';

/** `anneal versions NAME` */
export function versionsCommand(host: CommandHost): Command {
  const command = defineCommand(
    'versions',
    'list the published versions of a pipeline; needs no server',
  ).argument('<pipeline>', 'name of the pipeline');
  withExamples(command, [
    ['anneal versions ml-training-pipeline', 'the newest first'],
    ['anneal run ml-training-pipeline@1 -p data_path=data.csv', 'runs an earlier one'],
  ]);
  return withBody<[string], unknown>(host, command, async (context, [name]) => {
    const { listPipelineVersions } = await import('../list-pipeline-versions.js');
    return listPipelineVersions(context, name);
  });
}
