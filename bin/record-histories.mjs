#!/usr/bin/env node
// Records the histories that test/integration/replay.test.ts replays: real runs, real server, real tasks.
//
//   node bin/record-histories.mjs          all of them, into test/histories/<version of package.json>
//   node bin/record-histories.mjs loop     those whose name holds "loop"
//
// H1. A released version's histories stay as they are: they stand for the runs that its users have in flight.
// H2. Nothing of this machine is in them: no paths, no host name, no process ids.

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { HistoryRuns } from './lib/history-runs.mjs';
import { neutralHistory } from './lib/neutral-history.mjs';
import { ROOT, runOrExplain, setUp } from './setup.mjs';

const CHURN = { data_path: 'examples/churn/mlc_churn.csv', n_estimators: 10 };
const REFUSED = { ...CHURN, data_path: 'examples/churn/wa_churn.csv' };
const NUMBERS = { numbers: [1, 2, 3] };

/** @type {Record<string, (runs: HistoryRuns) => Promise<unknown>>} by the name of the recorded run */
const RECORDINGS = {
  'churn-promoted': (runs) => runs.toTheEnd('ml-training-pipeline', CHURN),
  'churn-cached': (runs) => runs.toTheEnd('ml-training-pipeline', CHURN),
  'churn-refused': (runs) => runs.toTheEnd('ml-training-pipeline', REFUSED),
  'worker-killed': (runs) => runs.killWorkerIn('sleep-for', 'cleanup', { seconds: 5 }),
  'canceled-with-exit-handler': (runs) => runs.cancelIn('sleep-for', 'cleanup', { seconds: 60 }),
  failed: (runs) => runs.toTheEnd('failing', {}),
  retried: (runs) => runs.toTheEnd('retries', { counter: runs.newFile() }),
  'branch-if': (runs) => runs.toTheEnd('branches', { number: 0 }),
  'branch-elif': (runs) => runs.toTheEnd('branches', { number: 1 }),
  'branch-else': (runs) => runs.toTheEnd('branches', { number: 2 }),
  loop: (runs) => runs.toTheEnd('loop', NUMBERS),
  'loop-sliced': (runs) => runs.inSlices('loop', { numbers: [1, 2, 3, 4, 5] }),
  'monitor:churn': (runs) => runs.watch('ml-training-pipeline', CHURN),
  'parameter-refused': (runs) => runs.toTheEnd('branches', { number: 'many' }),
};

async function record(wanted) {
  await setUp();
  const { version } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8'));
  const folder = path.join(ROOT, 'test', 'histories', version);
  mkdirSync(folder, { recursive: true });
  const project = mkdtempSync(path.join(tmpdir(), 'anneal-histories-'));
  const runs = await HistoryRuns.open(path.join(project, '.anneal'));
  try {
    for (const [name, run] of Object.entries(RECORDINGS)) {
      if (!name.includes(wanted)) continue;
      await run(runs.named(name));
      for (const recorded of await runs.histories(name)) {
        const text = neutralHistory(recorded, runs.places);
        writeFileSync(path.join(folder, `${recorded.name}.json`), text);
        console.log(`${recorded.name}: ${Math.ceil(text.length / 1024)} kB`);
      }
    }
  } finally {
    await runs.close();
    rmSync(project, { recursive: true, force: true });
  }
}

await runOrExplain(() => record(process.argv[2] ?? ''));
