// Runs a hook's program on the worker's machine, with the event as JSON on its input.
//
// C1. No shell: the words of the setting are the program and its arguments, and nothing of the event is among them.
// C2. It sees no secret of the worker's: of its environment only PATH, HOME, LANG and TZ are passed on.

import { execa } from 'execa';
import { clientErrors } from '../errors/index.js';

const TIMEOUT_MS = 60_000;
const PASSED_ON = ['PATH', 'HOME', 'LANG', 'TZ'];
const SHOWN_CHARS = 500;

export interface CommandCall {
  readonly words: readonly string[];
  readonly body: string;
  readonly folder: string;
}

/** @throws E_HOOK when it cannot be started, fails, or takes more than a minute */
export async function runCommand(call: CommandCall, signal: AbortSignal): Promise<void> {
  const [program = '', ...args] = call.words;
  const { failed, exitCode, timedOut, stderr, code } = await execa(program, args, {
    cwd: call.folder,
    input: call.body,
    extendEnv: false,
    env: Object.fromEntries(PASSED_ON.map((name) => [name, process.env[name]])),
    timeout: TIMEOUT_MS,
    forceKillAfterDelay: 5000,
    cancelSignal: signal,
    maxBuffer: 1_000_000,
    stdout: 'ignore',
    reject: false,
  });
  if (!failed) return;
  const shown = call.words.join(' ');
  if (code === 'ENOENT' || code === 'EACCES') {
    throw clientErrors.hookFailed(shown, `it cannot be started (${code})`, false);
  }
  const said = typeof stderr === 'string' ? stderr.trim().slice(-SHOWN_CHARS) : '';
  const how = timedOut ? `it took more than ${TIMEOUT_MS / 1000} s` : `exit code ${exitCode}`;
  throw clientErrors.hookFailed(shown, said === '' ? how : `${how}: ${said}`, true);
}
