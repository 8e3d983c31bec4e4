// Seconds per pipeline here against KFP's own local runner, on the same files in the same run.
//
// Dev only: it needs the corpus beside the project, a base environment (ANNEAL_TEST_PYTHON) and uv (ANNEAL_TEST_UV):
//   npx vitest run --config test/bench/vitest.config.ts kfp-local
//
// B1. One pipeline at a time, each twice on both sides: the first run prepares what later runs find ready. Whether a
//     pipeline ends as expected is counted from the first run, seconds from the second.
// B2. kfp.local runs with `use_venv=False`, its fastest way, which installs into the environment it runs in: every
//     file gets a fresh one. (A first run may leave an older KFP there; where the second then ends otherwise, the first counts.)
// B3. KFP's seconds leave out the interpreter's start and the import of its SDK; ours leave out nothing but the
//     start of the embedded service. No task is answered from a cache.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { TEST_PYTHON } from '../support/anneal-cli.js';
import { PipelineService } from '../support/pipeline-service.js';
import { CLUSTER_FILES } from '../conformance/cluster-files.js';
import { corpusFile, readCorpus, type CorpusEntry } from '../conformance/corpus.js';
import { READINGS } from '../conformance/readings.js';

const UV = process.env['ANNEAL_TEST_UV'];
const KFP = 'kfp==2.17.0';
const SCRIPT = path.join(import.meta.dirname, 'kfp-local.py');
const TIMEOUT_MS = 5 * 60_000;
const RUNS_TIMEOUT_MS = 3_600_000;

interface Timing {
  readonly state: string;
  readonly seconds: number;
}

interface Row {
  readonly path: string;
  readonly expected: string;
  readonly ours: Timing;
  readonly theirs: Timing;
}

test('seconds per pipeline, here and with kfp.local', { timeout: RUNS_TIMEOUT_MS }, async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'anneal-bench-'));
  const service = await PipelineService.open(TEST_PYTHON!, CLUSTER_FILES);
  const rows: Row[] = [];
  try {
    for (const entry of candidates()) {
      const row = await measure(entry, service, folder);
      rows.push(row);
      console.log(line(row));
    }
  } finally {
    await service.close();
    rmSync(folder, { recursive: true, force: true });
  }
  console.log(summary(rows));
  expect(rows.length).toBeGreaterThan(0);
});

/** Files that run to a known end and need neither a cloud nor minutes of sleep. */
function candidates(): CorpusEntry[] {
  return (readCorpus() ?? []).filter(({ path: file, runner, expected }) => {
    const { minutes = 0, needs, end } = READINGS[file] ?? {};
    const known = expected ?? end;
    const ends = known === 'succeeded' || known === 'failed';
    return ends && minutes === 0 && needs === undefined && !['cloud', 'invalid'].includes(runner);
  });
}

async function measure(entry: CorpusEntry, service: PipelineService, folder: string): Promise<Row> {
  const expected = entry.expected ?? READINGS[entry.path]?.end ?? 'succeeded';
  const file = corpusFile(entry);
  const given = (name: string) =>
    JSON.parse(
      JSON.stringify(entry.arguments).replaceAll('{a temporary folder}', path.join(folder, name)),
    ) as CorpusEntry['arguments'];
  const first = await service.run(file, given('first'), { cache: false });
  const second = await service.run(file, given('second'), { cache: false });
  const ours = { state: first.state, seconds: second.seconds };
  const theirs = await measureKfp(file, given, mkdtempSync(path.join(folder, 'kfp-')));
  return { path: entry.path, expected, ours, theirs };
}

async function measureKfp(
  file: string,
  given: (name: string) => object,
  folder: string,
): Promise<Timing> {
  const python = path.join(folder, 'env/bin/python');
  await execa(UV!, [
    'venv',
    '--quiet',
    '--seed',
    '--python',
    TEST_PYTHON!,
    path.join(folder, 'env'),
  ]);
  await execa(UV!, ['pip', 'install', '--quiet', '--python', python, KFP]);
  const first = await runKfp(python, [file, JSON.stringify(given('kfp-1')), `${folder}/root`]);
  const second = await runKfp(python, [file, JSON.stringify(given('kfp-2')), `${folder}/root`]);
  rmSync(folder, { recursive: true, force: true });
  return second.state === first.state ? second : first;
}

async function runKfp(python: string, args: readonly string[]): Promise<Timing> {
  const { stdout } = await execa(python, [SCRIPT, ...args], { reject: false, timeout: TIMEOUT_MS });
  const last = String(stdout).trim().split('\n').at(-1) ?? '';
  try {
    return JSON.parse(last) as Timing;
  } catch {
    return { state: 'failed', seconds: TIMEOUT_MS / 1000 };
  }
}

function line({ path: file, expected, ours, theirs }: Row): string {
  const show = ({ state, seconds }: Timing): string =>
    `${state === expected ? 'ok  ' : state.padEnd(4).slice(0, 4)} ${seconds.toFixed(2).padStart(7)} s`;
  return `${file.padEnd(82)} ${show(ours)}   ${show(theirs)}`;
}

function summary(rows: readonly Row[]): string {
  const sides = { Anneal: 'ours', 'kfp.local': 'theirs' } as const;
  const both = rows.filter(
    ({ expected, ours, theirs }) => ours.state === expected && theirs.state === expected,
  );
  return Object.entries(sides)
    .map(([name, side]) => {
      const right = rows.filter((row) => row[side].state === row.expected).length;
      const seconds = both.map((row) => row[side].seconds).sort((left, right) => left - right);
      const median = seconds[Math.floor(seconds.length / 2)] ?? 0;
      return `${name}: ${right} of ${rows.length} end as expected; median ${median.toFixed(2)} s over the ${both.length} that both complete`;
    })
    .join('\n');
}
