// Real processes, really killed, at a moment that the disk shows: never "after a while".

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setImmediate } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readManifest } from '../../../src/lineage/index.js';
import { openLocalStore, verifyArtifact } from '../../../src/storage/index.js';
import { compileSources } from './compile-sources.js';

const ROUNDS = 8;
/** Each round starts and kills a process; a loaded machine takes its time. */
const TIMEOUT_MS = 120_000;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'anneal-crash-'));
  await compileSources(folder);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('kill -9', { timeout: TIMEOUT_MS }, () => {
  test('while a document is written leaves nothing torn (S1)', async () => {
    const root = join(folder, 'written');
    await mkdir(join(root, '.tmp'), { recursive: true });
    const torn: string[] = [];

    for (let round = 0; round < ROUNDS; round += 1) {
      const left = readdirSync(join(root, '.tmp')).length;
      await killWhen(
        ['write-documents.mjs', root, `round-${round}`],
        () => readdirSync(join(root, '.tmp')).length > left,
      );
      torn.push(...(await tornDocuments(root)));
    }

    expect(torn).toEqual([]);
    // What the killed writers left behind: proof that they were in the middle of it.
    expect(readdirSync(join(root, '.tmp')).length).toBeGreaterThan(0);
  });

  test.each(['created', 'replaced'])(
    'at the moment the name of a %s document appears finds it whole (W1)',
    async (kind) => {
      const root = join(folder, kind);
      const torn: string[] = [];

      for (let round = 0; round < ROUNDS; round += 1) {
        const name = join(root, kind, `round-${round}`, '0');
        await killWhen(['write-documents.mjs', root, `round-${round}`], () => existsSync(name));
        torn.push(...(await tornDocuments(root)));
      }

      expect(torn).toEqual([]);
      expect(readdirSync(join(root, kind))).toHaveLength(ROUNDS);
    },
  );

  test('while an attempt is being published leaves no manifest', async () => {
    const root = join(folder, 'attempts');

    for (let round = 0; round < ROUNDS; round += 1) {
      const attempt = join(root, `runs/round-${round}/tasks/task-${round % 3}/_attempts/1/model/c`);
      await killWhen(['publish-outputs.mjs', root, `round-${round}`], () => existsSync(attempt));
    }

    const runs = await Promise.all(roundNames().map((run) => verifyRun(root, run)));
    expect(runs.filter(({ attempts, manifests }) => attempts > manifests).length).toBeGreaterThan(
      0,
    );
  });

  test('at the moment a manifest appears finds its outputs whole', async () => {
    const root = join(folder, 'manifests');

    for (let round = 0; round < ROUNDS; round += 1) {
      const manifest = join(root, `runs/round-${round}/tasks/task-${round % 3}/_manifest.json`);
      await killWhen(['publish-outputs.mjs', root, `round-${round}`], () => existsSync(manifest));
    }

    const runs = await Promise.all(roundNames().map((run) => verifyRun(root, run)));
    expect(runs.filter(({ manifests }) => manifests === 0)).toEqual([]);
  });
});

test('of four processes that race for 150 documents, each document has one winner (S2)', async () => {
  const root = join(folder, 'race');
  const racers = ['a', 'b', 'c', 'd'].map((name) => startRacer(['race.mjs', root, name, '150']));
  for (const { lines } of racers) await lines.next();
  for (const { child } of racers) child.stdin.write('go\n');

  const won = await Promise.all(
    racers.map(async ({ lines }) => JSON.parse((await lines.next()).value as string) as number[]),
  );

  expect(won.flat().sort((left, right) => left - right)).toEqual(
    Array.from({ length: 150 }, (_, number) => number),
  );
});

/** Starts a child and kills it as soon as the disk shows what is waited for, watching without a pause. */
async function killWhen(command: string[], isDue: () => boolean): Promise<void> {
  const child = spawn(process.execPath, childArguments(command), { stdio: 'inherit' });
  const ended = once(child, 'exit');
  const deadline = Date.now() + 30_000;
  while (!isDue() && Date.now() < deadline) await setImmediate();
  child.kill('SIGKILL');
  expect(await ended).toEqual([null, 'SIGKILL']);
}

function startRacer(command: string[]) {
  const child = spawn(process.execPath, childArguments(command), {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  return { child, lines: createInterface({ input: child.stdout })[Symbol.asyncIterator]() };
}

function childArguments([script, ...others]: string[]): string[] {
  return [join(folder, 'children', script!), ...others];
}

/** Keys of documents that are not whole. Whole ones shrink to a short text, so that later rounds read less. */
async function tornDocuments(root: string): Promise<string[]> {
  const store = await openLocalStore(root);
  const torn: string[] = [];
  for await (const { key } of store.list('')) {
    const [length, body = ''] = Buffer.from((await store.get(key))!)
      .toString()
      .split('\n');
    if (body.length !== Number(length) + 'end'.length || !body.endsWith('end')) torn.push(key);
    else await store.put(key, '0\nend');
  }
  return torn;
}

/** Checks every published task of a run, byte for byte. */
async function verifyRun(
  root: string,
  runId: string,
): Promise<{ manifests: number; attempts: number }> {
  const store = await openLocalStore(root);
  const tasks = await store.listFolders(`runs/${runId}/tasks`);
  let manifests = 0;
  for (const task of tasks) {
    const manifest = await readManifest(store, `runs/${runId}/tasks/${task}/_manifest.json`);
    if (manifest === undefined) continue;
    manifests += 1;
    const [model] = manifest.outputs.artifacts.model!;
    await verifyArtifact(store, model!.uri, model!.digest!);
  }
  return { manifests, attempts: tasks.length };
}

function roundNames(): string[] {
  return Array.from({ length: ROUNDS }, (_, round) => `round-${round}`);
}
