import type { Command } from 'commander';
import {
  defineCommand,
  withBody,
  withCommonFlags,
  withExamples,
  type CommandHost,
} from '../define-command.js';

/** `anneal hooks [list | test]` */
export function hooksCommand(host: CommandHost): Command {
  const list = defineCommand('list', 'list who is told of what');
  withBody<[], unknown>(host, list, async (context) => {
    const { listHooks } = await import('../hooks.js');
    return listHooks(context);
  });
  const test = defineCommand('test', 'send every hook a made-up event');
  withBody<[], unknown>(host, test, async (context) => {
    const { testHooks } = await import('../hooks.js');
    return testHooks(context);
  });
  const command = withCommonFlags(defineCommand('hooks', 'list or try who is told of events'))
    .addCommand(list, { isDefault: true })
    .addCommand(test);
  return withExamples(command, [
    ['anneal hooks', 'the hooks of anneal.config.ts'],
    ['anneal hooks test', 'tells each of a failed run that never was'],
  ]);
}
