// Runs one step of set-up: a line on stderr with its seconds, and its output when it fails.

import { spawn } from 'node:child_process';

const END_LINES = 15;

/** Made when set-up cannot go on; its message is all the user needs. */
export class SetupError extends Error {
  name = 'SetupError';
}

/**
 * Runs a command, showing only its name and how long it took.
 *
 * @param {{ title: string, command: string, args: string[], cwd: string, env?: NodeJS.ProcessEnv }} step
 * @throws {SetupError} with both ends of the command's output when it fails
 */
export async function runStep({ title, command, args, cwd, env = process.env }) {
  const startedAt = performance.now();
  process.stderr.write(`${title}… `);
  const { code, output, error } = await runCaptured(command, args, { cwd, env });
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  process.stderr.write(code === 0 ? `${seconds} s\n` : `failed after ${seconds} s\n`);
  if (code === 0) return;
  const reason = error ?? `ended with code ${code}. Its output:\n${shorten(output)}`;
  throw new SetupError(`"${[command, ...args].join(' ')}" (in ${cwd}) ${reason}`);
}

function runCaptured(command, args, options) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const keep = (chunk) => (output = (output + chunk).slice(-100_000));
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.once('error', (error) => resolve({ output, error: `cannot be run: ${error.message}.` }));
    child.once('close', (code, signal) => resolve({ code: code ?? signal, output }));
  });
}

/** Both ends of a long output: npm puts its reason first, compilers put theirs last. */
function shorten(output) {
  const lines = output.trimEnd().split('\n');
  if (lines.length <= 2 * END_LINES) return lines.join('\n');
  return [...lines.slice(0, END_LINES), '…', ...lines.slice(-END_LINES)].join('\n');
}
