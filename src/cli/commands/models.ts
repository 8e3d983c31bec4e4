import { Option, type Command } from 'commander';
import type { ChangeOptions } from '../models/change-model.js';
import {
  defineCommand,
  withBody,
  withCommonFlags,
  withExamples,
  type CommandHost,
} from '../define-command.js';

/** `anneal models [list | show | compare | promote | rollback | archive | export]` */
export function modelsCommand(host: CommandHost): Command {
  const command = withCommonFlags(
    defineCommand('models', 'look at registered models, put them live, go back'),
  ).addCommand(list(host), { isDefault: true });
  for (const define of [show, compare, promote, rollback, archive, exportTo]) {
    command.addCommand(define(host));
  }
  return withExamples(command, [
    ['anneal models', 'models, and which version serves'],
    ['anneal models promote churn-model-prod@3', 'serves version 3, if the gate accepted it'],
    ['anneal models rollback churn-model-prod', 'serves the champion before this one'],
  ]);
}

function list(host: CommandHost): Command {
  return withBody<[], unknown>(host, defineCommand('list', 'list models'), async (context) => {
    const { listAllModels } = await import('../models/show-models.js');
    return listAllModels(context);
  });
}

function show(host: CommandHost): Command {
  const command = defineCommand('show', 'show the versions of a model, or one of them').argument(
    '<model>',
    'NAME, NAME@VERSION or NAME@champion',
  );
  return withBody<[string], unknown>(host, command, async (context, [model]) => {
    const { showOneModel } = await import('../models/show-models.js');
    return showOneModel(context, model);
  });
}

function compare(host: CommandHost): Command {
  const command = defineCommand('compare', 'compare metrics, data and code of versions')
    .argument('<version>', 'NAME@VERSION that the others are compared with')
    .argument('<others...>', 'NAME@VERSION, one or more')
    .option('--all', 'also what is the same in all of them');
  return withBody<[string, string[]], { all?: boolean }>(
    host,
    command,
    async (context, [version, others], { all = false }) => {
      const { printVersionComparison } = await import('../models/compare-models.js');
      return printVersionComparison(context, [version, ...others], all);
    },
  );
}

function promote(host: CommandHost): Command {
  const command = withReason(
    defineCommand('promote', 'make the endpoint of a model serve one of its versions'),
  ).argument('<version>', 'NAME@VERSION');
  return withBody<[string], ChangeOptions>(host, command, async (context, [version], options) => {
    const { promoteVersion } = await import('../models/change-model.js');
    return promoteVersion(context, version, options);
  });
}

function rollback(host: CommandHost): Command {
  const command = withReason(
    defineCommand('rollback', 'make the endpoint serve the champion before this one'),
  ).argument('<model>', 'NAME');
  return withBody<[string], ChangeOptions>(host, command, async (context, [name], options) => {
    const { rollBackModel } = await import('../models/change-model.js');
    return rollBackModel(context, name, options);
  });
}

function archive(host: CommandHost): Command {
  const command = withReason(
    defineCommand('archive', 'take a version that does not serve out of the running'),
  ).argument('<version>', 'NAME@VERSION');
  return withBody<[string], ChangeOptions>(host, command, async (context, [version], options) => {
    const { archiveOneVersion } = await import('../models/change-model.js');
    return archiveOneVersion(context, version, options);
  });
}

function exportTo(host: CommandHost): Command {
  const command = defineCommand('export', 'bring a version to another registry')
    .argument('<version>', 'NAME@VERSION or NAME@champion')
    .addOption(
      new Option('--to <registry>', 'where it goes')
        .choices(['mlflow', 'sagemaker'])
        .makeOptionMandatory(),
    );
  return withBody<[string], { to: 'mlflow' | 'sagemaker' }>(
    host,
    command,
    async (context, [version], { to }) => {
      const { exportVersion } = await import('../models/export-model.js');
      return exportVersion(context, version, to);
    },
  );
}

function withReason(command: Command): Command {
  return command.option('--reason <text>', 'why, for the record');
}
