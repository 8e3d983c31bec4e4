import type { Command } from 'commander';
import { defineCommand, withBody, withExamples, type CommandHost } from '../define-command.js';

/** `anneal validate FILE` */
export function validateCommand(host: CommandHost): Command {
  const command = defineCommand('validate', 'check a pipeline; needs no server').argument(
    '<file>',
    'compiled YAML file, module, or name of a pipeline',
  );
  withExamples(command, [['anneal validate pipeline.yaml', 'exit 0, or 3 with the first fault']]);
  return withBody<[string], unknown>(host, command, async (context, [wanted]) => {
    const { validateFile } = await import('../validate-file.js');
    return validateFile(context, wanted);
  });
}
