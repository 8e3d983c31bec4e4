import type { Command } from 'commander';
import {
  defineCommand,
  withBody,
  withCommonFlags,
  withExamples,
  type CommandHost,
} from '../define-command.js';

/** `anneal endpoints [list | rollback NAME | stop NAME]` */
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
  const rollback = defineCommand(
    'rollback',
    'put the earlier model back; ends a rollout that goes on',
  ).argument('<name>', 'endpoint');
  withBody<[string], unknown>(host, rollback, async (context, [name]) => {
    const { rollBackEndpoint } = await import('../roll-back-endpoint.js');
    return rollBackEndpoint(context, name);
  });
  const command = withCommonFlags(
    defineCommand('endpoints', 'list, roll back or stop endpoints of the deployment target'),
  )
    .addCommand(list, { isDefault: true })
    .addCommand(rollback)
    .addCommand(stop);
  return withExamples(command, [
    ['anneal endpoints', 'names, addresses, models, rollouts'],
    ['anneal endpoints rollback churn-model-prod', 'the model before serves again'],
    ['anneal endpoints stop churn-model-prod', 'until the next deployment'],
  ]);
}
