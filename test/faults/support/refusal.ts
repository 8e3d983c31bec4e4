// What every refusal of the command line has in common.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { AnnealHome } from '../../support/anneal-cli.js';

/** What a refused call must say. */
export interface Expected {
  readonly code: string;
  readonly exitCode: number;
  /** Found in the message or in the place it names. */
  readonly place: RegExp;
}

interface ErrorObject {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  readonly where?: string;
  readonly stack?: string;
}

const STACK_LINE = /^\s+at .+:\d+:\d+\)?$/m;
// One sentence or a few, then the remedy: never a wall of text.
const LONGEST_MESSAGE = 600;

/** Calls the command as a person does and as a script does, and checks both answers. */
export async function expectRefusal(
  home: AnnealHome,
  command: readonly string[],
  expected: Expected,
): Promise<void> {
  const [forPeople, forScripts] = await Promise.all([
    home.call(...command),
    home.call(...command, '--json'),
  ]);

  const { error } = JSON.parse(forScripts.stdout) as { error: ErrorObject };
  expect(error).toMatchObject({ code: expected.code, hint: expect.stringMatching(/\S/) as string });
  expect(`${error.message} ${error.where ?? ''}`).toMatch(expected.place);
  expect(error.message.length).toBeLessThan(LONGEST_MESSAGE);
  expect(error.message).not.toContain('\n');
  expect(error.stack).toBeUndefined();
  expect(forPeople.stdout).toBe('');
  expect(forPeople.stderr).toContain(`${expected.code} ${error.message}`);
  expect(forPeople.stderr).toContain(`→ ${error.hint}`);
  expect(forPeople.stderr).not.toMatch(STACK_LINE);
  expect([forPeople.exitCode, forScripts.exitCode]).toEqual([expected.exitCode, expected.exitCode]);
}

/** Runs the command with --debug, as processes: the same refusal, with the stack for whoever mends Anneal. */
export async function expectStack(home: AnnealHome, command: readonly string[]): Promise<void> {
  const [forPeople, forScripts] = await Promise.all([
    home.spawn(...command, '--debug'),
    home.spawn(...command, '--json', '--debug'),
  ]);

  const { error } = JSON.parse(forScripts.stdout) as { error: ErrorObject };
  expect(error.stack).toMatch(STACK_LINE);
  expect(forPeople.stderr).toMatch(STACK_LINE);
  expect(forPeople.exitCode).toBe(forScripts.exitCode);
  expect(forPeople.exitCode).toBeGreaterThan(0);
}

/** A home in which every command was refused holds no service, no published pipeline, no run and no endpoint. */
export function expectNothingMade(home: AnnealHome): void {
  const made = ['service', 'logs', 'temporal.db', 'endpoints', 'store/specs', 'store/runs'];

  expect(made.filter((name) => existsSync(join(home.folder, name)))).toEqual([]);
  expect(home.processes()).toEqual([]);
}
