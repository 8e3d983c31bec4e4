// Brings an endpoint's supervisor up, or finds the one that runs.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, open } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { deployErrors } from '../../errors/index.js';
import { passedVariables } from '../../util/index.js';
import { askStatus } from './control-client.js';
import { endpointFolder } from './endpoint-folder.js';
import type { SupervisorHandshake } from './supervisor-main.js';
import type { SupervisorSettings } from './supervisor.js';

export interface SupervisorProgram {
  /** Compiled supervisor-main; default the one beside this file. */
  readonly script?: string;
}

// A supervisor that stops may still be draining; one that starts clears away what was left.
const READY_TIMEOUT_MS = 60_000;
const RETRY_MS = 50;

/**
 * Makes sure that a supervisor answers for the endpoint.
 *
 * @throws E_DEPLOY when it cannot be started
 */
export async function ensureSupervisor(
  settings: SupervisorSettings,
  program: SupervisorProgram,
  signal?: AbortSignal,
): Promise<void> {
  const deadline = performance.now() + READY_TIMEOUT_MS;
  while (performance.now() < deadline) {
    signal?.throwIfAborted();
    if ((await askStatus(endpointFolder(settings.root))) !== undefined) return;
    const said = await startSupervisor(settings, program);
    if (said.state === 'ready') return;
    if (said.state === 'failed') {
      throw deployErrors.deploymentFailed(settings.name, said.message, { hint: said.hint });
    }
    await sleep(RETRY_MS);
  }
  throw deployErrors.deploymentFailed(settings.name, 'its supervisor does not answer', {
    retryable: true,
  });
}

/** Starts a supervisor in a session of its own and waits for its first and only line. */
async function startSupervisor(
  settings: SupervisorSettings,
  { script = fileURLToPath(new URL('supervisor-main.js', import.meta.url)) }: SupervisorProgram,
): Promise<SupervisorHandshake> {
  const folder = endpointFolder(settings.root);
  await mkdir(folder.root, { recursive: true, mode: 0o700 });
  const log = await open(folder.log, 'a', 0o600);
  try {
    const child = spawn(process.execPath, [script, JSON.stringify(settings)], {
      cwd: folder.root,
      env: passedVariables(process.env),
      stdio: ['ignore', 'pipe', log.fd],
      detached: true,
    });
    child.unref();
    const lines = createInterface({ input: child.stdout! });
    const line = await Promise.race([
      once(lines, 'line').then(([text]) => text as string),
      once(lines, 'close').then(() => undefined),
    ]);
    lines.close();
    child.stdout!.destroy();
    return line === undefined
      ? { state: 'failed', message: 'its supervisor ended at once', hint: `Read ${folder.log}` }
      : (JSON.parse(line) as SupervisorHandshake);
  } finally {
    await log.close();
  }
}
