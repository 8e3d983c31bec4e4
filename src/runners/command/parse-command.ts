// What a container's command and arguments mean to a process runner.
//
// Shapes follow the SDK's component_factory.py (2.0 to 2.17) and the components compiled with it.

import { parsePreamble, type InstallStep } from './parse-preamble.js';

/** A Python module to run as `python3 -m <module> <args>`. */
export interface PythonProgram {
  readonly kind: 'python';
  readonly module: string;
  readonly args: readonly string[];
  /** Text of the component's own module, of lightweight components. */
  readonly source?: string;
}

export interface CommandProgram {
  readonly kind: 'command';
  readonly argv: readonly string[];
}

export interface ParsedCommand {
  /** In order; empty when nothing has to be installed. */
  readonly install: readonly InstallStep[];
  readonly program: PythonProgram | CommandProgram;
}

const SHELL = /^(?:\/(?:usr\/)?bin\/)?(?:sh|bash)$/;
const SHELL_FLAGS = /^-[eux]*c[eux]*$/;
const PYTHON = /^python(3(\.\d+)?)?$/;
const EXECUTOR = /python3?\s+-m\s+(kfp(?:\.\w+)*\.executor_main)\b/;

/** Reads a command with its arguments, both with placeholders replaced. */
export function parseCommand(command: readonly string[], args: readonly string[]): ParsedCommand {
  const argv = [...command, ...args];
  const install = isShell(argv) ? parsePreamble(argv[2] ?? '') : undefined;
  const rest = install === undefined ? argv : argv.slice(3);
  return { install: install ?? [], program: program(rest) };
}

function program(argv: readonly string[]): PythonProgram | CommandProgram {
  if (isShell(argv)) {
    const [, , script = '', source, ...args] = argv;
    const module = EXECUTOR.exec(script)?.[1];
    if (module !== undefined && source !== undefined && script.includes('ephemeral_component.py')) {
      return { kind: 'python', module, source, args };
    }
  }
  if (
    PYTHON.test(argv[0] ?? '') &&
    argv[1] === '-m' &&
    /^kfp.*\.executor_main$/.test(argv[2] ?? '')
  ) {
    return { kind: 'python', module: argv[2]!, args: argv.slice(3) };
  }
  return { kind: 'command', argv };
}

function isShell(argv: readonly string[]): boolean {
  return SHELL.test(argv[0] ?? '') && SHELL_FLAGS.test(argv[1] ?? '');
}
