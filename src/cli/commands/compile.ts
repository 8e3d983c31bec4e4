import type { Command } from 'commander';
import type { CompileOptions } from '../compile-pipeline.js';
import { defineCommand, withBody, withExamples, type CommandHost } from '../define-command.js';

/** `anneal compile PIPELINE` */
export function compileCommand(host: CommandHost): Command {
  const command = defineCommand('compile', 'write a pipeline as KFP v2 YAML; needs no server')
    .argument('<pipeline>', 'shipped pipeline, or a JavaScript or Python file with one')
    .option('-o, --output <file>', 'where to write it (default: stdout)')
    .option('--function <name>', 'which @dsl.pipeline of a Python file');
  withExamples(command, [
    ['anneal compile ml-training-pipeline -o pipeline.yaml', 'a shipped one'],
    ['anneal compile ./dist/my-pipeline.js', 'your own, compiled from TypeScript'],
    ['anneal compile pipeline.py', 'by the KFP SDK; warns of conditions that it drops'],
  ]);
  return withBody<[string], CompileOptions>(host, command, async (context, [wanted], options) => {
    const { compilePipeline } = await import('../compile-pipeline.js');
    return compilePipeline(context, wanted, options);
  });
}
