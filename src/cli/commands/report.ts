import type { Command } from 'commander';
import type { ReportOptions } from '../report-run.js';
import { defineCommand, withBody, withExamples, type CommandHost } from '../define-command.js';

/** `anneal report RUN` */
export function reportCommand(host: CommandHost): Command {
  const command = defineCommand('report', 'write a run as one self-contained HTML file')
    .argument('<run>', 'id of the run')
    .option('-o, --output <file>', 'where to write it; "-" is stdout');
  withExamples(command, [
    ['anneal report RUN', 'into the reports folder; prints the path'],
    ['anneal report RUN -o run.html', 'a file of your choice'],
  ]);
  return withBody<[string], ReportOptions>(host, command, async (context, [runId], options) => {
    const { reportRun } = await import('../report-run.js');
    return reportRun(context, runId, options);
  });
}
