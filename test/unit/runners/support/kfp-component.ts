// Container specs in the shapes that the KFP SDK 2.17 compiles, around a component's own text.

const PROGRAM = `program_path=$(mktemp -d)

printf "%s" "$0" > "$program_path/ephemeral_component.py"
_KFP_RUNTIME=true python3 -m kfp.dsl.executor_main                         --component_module_path                         "$program_path/ephemeral_component.py"                         "$@"
`;
const IMPORTS = 'import kfp\nfrom kfp import dsl\nfrom kfp.dsl import *\nfrom typing import *\n\n';

export interface Container {
  readonly image: string;
  readonly command: string[];
  readonly args: string[];
}

/** The preamble with the given pip commands. */
export function preamble(pipCommands: string): string {
  return `
if ! [ -x "$(command -v pip)" ]; then
    python3 -m ensurepip || python3 -m ensurepip --user || apt-get install python3-pip
fi

PIP_DISABLE_PIP_VERSION_CHECK=1 ${pipCommands} && "$0" "$@"
`;
}

/** A lightweight component; `functionText` is a Python function named `component`. */
export function lightweight(functionText: string, installed?: string): Container {
  const install = installed === undefined ? [] : ['sh', '-c', preamble(installed)];
  return {
    image: 'python:3.11',
    command: [...install, 'sh', '-ec', PROGRAM, `${IMPORTS}${functionText}\n`],
    args: ['--executor_input', '{{$}}', '--function_to_execute', 'component'],
  };
}

/** A container component on a common image. */
export function shell(script: string, ...args: string[]): Container {
  return { image: 'alpine:3', command: ['sh', '-c', script, ...args], args: [] };
}
