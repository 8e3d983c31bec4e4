// Tasks that write down when they start and end, and end when the test says so.

import { existsSync, readFileSync } from 'node:fs';

const SCRIPT = [
  'mkdir -p "$(dirname "$3")"',
  'echo "start $0 $PWD" >> "$1"',
  'until [ -e "$2" ]; do sleep 0.1; done',
  'echo "end $0 $PWD" >> "$1"',
  'printf ok > "$3"',
].join('; ');

/**
 * A pipeline of tasks that ask for one core each.
 *
 * @param names  of the tasks
 * @param order  whether they run side by side or one after the other
 */
export function gatedTasks(
  names: readonly string[],
  order: 'parallel' | 'sequence' = 'parallel',
): object {
  const text = { parameterType: 'STRING' };
  const given = { ledger: text, gate: text };
  const fromRun = (name: string) => ({ componentInputParameter: name });
  const task = (name: string, index: number): [string, object] => [
    name,
    {
      dependentTasks: order === 'sequence' ? names.slice(0, index).slice(-1) : [],
      componentRef: { name: 'comp-work' },
      inputs: {
        parameters: {
          name: { runtimeValue: { constant: name } },
          ledger: fromRun('ledger'),
          gate: fromRun('gate'),
        },
      },
      taskInfo: { name },
    },
  ];
  return {
    pipelineInfo: { name: 'gated' },
    schemaVersion: '2.1.0',
    components: {
      'comp-work': {
        executorLabel: 'exec-work',
        inputDefinitions: { parameters: { name: text, ...given } },
        outputDefinitions: { parameters: { done: text } },
      },
    },
    deploymentSpec: {
      executors: {
        'exec-work': {
          container: {
            image: 'alpine',
            command: ['sh', '-c', SCRIPT],
            args: [
              "{{$.inputs.parameters['name']}}",
              "{{$.inputs.parameters['ledger']}}",
              "{{$.inputs.parameters['gate']}}",
              "{{$.outputs.parameters['done'].output_file}}",
            ],
            resources: { resourceCpuRequest: '1' },
          },
        },
      },
    },
    root: {
      inputDefinitions: { parameters: given },
      dag: { tasks: Object.fromEntries(names.map(task)) },
    },
  };
}

/** What a task wrote down. */
export interface LedgerLine {
  readonly event: 'start' | 'end';
  readonly task: string;
  /** Its working directory, below the home of its host. */
  readonly folder: string;
}

/** Reads the ledger, in the order it was written. */
export function readLedger(file: string): LedgerLine[] {
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => {
      const [event, task = '', folder = ''] = line.split(' ');
      return { event: event as LedgerLine['event'], task, folder };
    });
}
