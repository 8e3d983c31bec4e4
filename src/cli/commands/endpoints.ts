import { InvalidArgumentError, type Command } from 'commander';
import {
  defineCommand,
  withBody,
  withCommonFlags,
  withExamples,
  type CommandHost,
} from '../define-command.js';

/** `anneal endpoints [list | split NAME | rollback NAME | stop NAME]` */
export function endpointsCommand(host: CommandHost): Command {
  const list = defineCommand('list', 'list endpoints and what they serve');
  withBody<[], unknown>(host, list, async (context) => {
    const { listEndpoints } = await import('../endpoints.js');
    return listEndpoints(context);
  });
  const stop = defineCommand('stop', 'stop serving an endpoint').argument('<name>', 'endpoint');
  withBody<[string], unknown>(host, stop, async (context, [name]) => {
    const { stopEndpoint } = await import('../endpoints.js');
    return stopEndpoint(context, name);
  });
  const split = defineCommand(
    'split',
    'change the share of the model that serves beside the live one',
  )
    .argument('<name>', 'endpoint')
    .requiredOption('--percent <n>', 'its share of the requests, 1 to 99', parsePercent);
  withBody<[string], SplitOptions>(host, split, async (context, [name], { percent }) => {
    const { splitEndpoint } = await import('../split-endpoint.js');
    return splitEndpoint(context, name, percent);
  });
  const rollback = defineCommand(
    'rollback',
    'put the earlier model back; ends a rollout that goes on',
  ).argument('<name>', 'endpoint');
  withBody<[string], unknown>(host, rollback, async (context, [name]) => {
    const { rollBackEndpoint } = await import('../roll-back-endpoint.js');
    return rollBackEndpoint(context, name);
  });
  const command = withCommonFlags(
    defineCommand('endpoints', 'list, split, roll back or stop endpoints of the deployment target'),
  )
    .addCommand(list, { isDefault: true })
    .addCommand(split)
    .addCommand(rollback)
    .addCommand(stop);
  return withExamples(command, [
    ['anneal endpoints', 'names, addresses, models, rollouts'],
    ['anneal endpoints split churn-model-prod --percent 50', 'half of the requests for each model'],
    ['anneal endpoints rollback churn-model-prod', 'the model before serves again'],
    ['anneal endpoints stop churn-model-prod', 'until the next deployment'],
  ]);
}

interface SplitOptions {
  readonly percent: number;
}

function parsePercent(text: string): number {
  const percent = Number(text);
  if (Number.isInteger(percent) && percent >= 1 && percent <= 99) return percent;
  throw new InvalidArgumentError('Give a whole number from 1 to 99.');
}
