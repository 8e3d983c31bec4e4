import { execFile } from 'node:child_process';

/** How a program ended: its output, and the end of it when it failed. */
export type ProgramResult =
  | { readonly ok: true; readonly stdout: string }
  | { readonly ok: false; readonly isMissing: boolean; readonly tail: string };

export interface RunProgramOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly timeoutMs?: number;
}

// pip and uv print some hundred kilobytes at most; more than this is not kept.
const MAX_OUTPUT_BYTES = 16 * 1024 * 1024;
const TAIL_LINES = 15;

/** Runs a program to its end, without a shell; failing is a value, not an exception. */
export function runProgram(
  program: string,
  args: readonly string[],
  { cwd, env, timeoutMs }: RunProgramOptions = {},
): Promise<ProgramResult> {
  const options = { cwd, env, timeout: timeoutMs, maxBuffer: MAX_OUTPUT_BYTES };
  return new Promise((resolve) => {
    execFile(program, args, options, (error, stdout, stderr) => {
      if (error === null) return resolve({ ok: true, stdout });
      const output = `${stdout}\n${stderr}`.trim() || error.message;
      const tail = output.split('\n').slice(-TAIL_LINES).join('\n');
      resolve({ ok: false, isMissing: error.code === 'ENOENT', tail });
    });
  });
}
