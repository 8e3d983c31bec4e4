import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { z } from 'zod';

const identity = z.object({ pid: z.number(), startedAt: z.string() });

const schema = z.object({
  ports: z.object({ grpc: z.number(), ui: z.number(), http: z.number(), metrics: z.number() }),
  /** Server and workers, when they run. */
  processes: z.array(identity),
  /** Runs that keep the service up. */
  holds: z.array(z.string()),
});

/** What a new supervisor needs to know of one that was killed. */
export type SupervisorState = z.infer<typeof schema>;

/** Reads what a killed supervisor left; undefined when the last one ended in order. */
export function readSupervisorState(file: string): SupervisorState | undefined {
  try {
    return schema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return undefined;
  }
}

export function writeSupervisorState(file: string, state: SupervisorState): void {
  writeFileSync(`${file}.new`, JSON.stringify(state), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

export function removeSupervisorState(file: string): void {
  rmSync(file, { force: true });
}
