import type { Command } from 'commander';
import { defineCommand, withBody, withExamples, type CommandHost } from '../define-command.js';

/** `anneal publish PIPELINE` */
export function publishCommand(host: CommandHost): Command {
  const command = defineCommand(
    'publish',
    'keep a pipeline as an immutable version; needs no server',
  ).argument('<pipeline>', 'compiled YAML file, module, or name of a shipped pipeline');
  withExamples(command, [
    ['anneal publish pipeline.yaml', 'prints name@version and the digest'],
    ['anneal publish pipeline.yaml --json', 'the same text twice is one version'],
  ]);
  return withBody<[string], unknown>(host, command, async (context, [wanted]) => {
    const { publishVersion } = await import('../publish-version.js');
    return publishVersion(context, wanted);
  });
}
