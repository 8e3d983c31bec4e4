import { execFileSync, spawn } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** Python of the development environment, where it has moto's server; else why there is none. */
export const moto: { readonly python: string } | { readonly missing: string } = findMoto();

function findMoto(): typeof moto {
  const python = process.env['ANNEAL_DEV_PYTHON'];
  if (python === undefined) return { missing: 'ANNEAL_DEV_PYTHON is not set' };
  try {
    execFileSync(python, ['-c', 'import moto.server, moto.sagemaker'], { stdio: 'ignore' });
    return { python };
  } catch {
    return { missing: `${python} has no moto[server]` };
  }
}

export interface MotoServer {
  readonly url: string;
  close(): void;
}

/** Starts moto's server on a free loopback port and waits until it answers. */
export async function startMoto(python: string): Promise<MotoServer> {
  const port = await freePort();
  const server = spawn(python, ['-m', 'moto.server', '-H', '127.0.0.1', '-p', String(port)], {
    stdio: 'ignore',
  });
  const url = `http://127.0.0.1:${port}`;
  const deadline = performance.now() + 60_000;
  while (!(await answers(url))) {
    if (server.exitCode !== null || performance.now() > deadline) {
      throw new Error(`moto did not start (exit code ${server.exitCode})`);
    }
    await sleep(50);
  }
  return { url, close: () => void server.kill('SIGKILL') };
}

function answers(url: string): Promise<boolean> {
  return fetch(`${url}/moto-api/data.json`).then(
    (response) => response.ok,
    () => false,
  );
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}
