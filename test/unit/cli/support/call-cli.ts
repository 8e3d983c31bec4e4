// Calls the program in this process with captured output.

import { PassThrough } from 'node:stream';
import { runCli } from '../../../../src/cli/run-cli.js';

export interface CliCall {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CallOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** Runs one command to its end, off a terminal. */
export async function callCli(
  argv: readonly string[],
  { cwd = process.cwd(), env = {} }: CallOptions = {},
): Promise<CliCall> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const exitCode = await runCli(argv, { stdout, stderr, stdin: process.stdin, cwd, env });
  return { exitCode, stdout: textOf(stdout), stderr: textOf(stderr) };
}

function textOf(stream: PassThrough): string {
  return (stream.read() as Buffer | null)?.toString('utf8') ?? '';
}
