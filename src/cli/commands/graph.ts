import type { Command } from 'commander';
import { defineCommand, withBody, withExamples, type CommandHost } from '../define-command.js';
import type { GraphOptions } from '../graph-pipeline.js';

/** `anneal graph PIPELINE` */
export function graphCommand(host: CommandHost): Command {
  const command = defineCommand('graph', 'draw a pipeline; needs no server')
    .argument('<pipeline>', 'compiled YAML file, module, or name of a pipeline')
    .option('-o, --output <file>', 'write an SVG file; "-" is stdout (default: a tree of text)');
  withExamples(command, [
    ['anneal graph pipeline.yaml', 'what waits for what, in the terminal'],
    ['anneal graph ml-training-pipeline -o churn.svg', 'a picture'],
  ]);
  return withBody<[string], GraphOptions>(host, command, async (context, [wanted], options) => {
    const { graphPipeline } = await import('../graph-pipeline.js');
    return graphPipeline(context, wanted, options);
  });
}
