import type { Command } from 'commander';
import { defineCommand, withBody, withExamples, type CommandHost } from '../define-command.js';

/** `anneal dev` */
export function devCommand(host: CommandHost): Command {
  const command = defineCommand('dev', 'keep the server and the workers up until Ctrl-C');
  command.option('--fake-sagemaker', 'deploy to a SageMaker of this machine, for trying it out');
  withExamples(command, [
    ['anneal dev', "prints the address of Temporal's web UI"],
    ['anneal dev --fake-sagemaker', 'prints the variables for other commands too'],
  ]);
  return withBody<[], { readonly fakeSagemaker?: boolean }>(
    host,
    command,
    async (context, _, { fakeSagemaker }) => {
      const { keepUp } = await import('../keep-up.js');
      if (fakeSagemaker !== true) return keepUp(context);
      const { withFakeSageMaker } = await import('../with-fake-sagemaker.js');
      return withFakeSageMaker(context, keepUp);
    },
  );
}
