import type { Command } from 'commander';
import { defineCommand, withBody, withExamples, type CommandHost } from '../define-command.js';
import type { DiffOptions } from '../diff-versions.js';

/** `anneal diff A B` */
export function diffCommand(host: CommandHost): Command {
  const command = defineCommand(
    'diff',
    'show what differs in what two pipelines do; needs no server',
  )
    .argument('<before>', 'name@version, name@digest, name, file or module')
    .argument('<after>', 'the same')
    .option('--exit-code', 'exit with 1 when they differ, as git diff does');
  withExamples(command, [
    ['anneal diff ml-training-pipeline@1 ml-training-pipeline@2', 'tasks, wiring, defaults, code'],
    ['anneal diff ml-training-pipeline pipeline.yaml', 'what publishing the file would change'],
  ]);
  return withBody<[string, string], DiffOptions>(
    host,
    command,
    async (context, [before, after], options) => {
      const { diffVersions } = await import('../diff-versions.js');
      return diffVersions(context, [before, after], options);
    },
  );
}
