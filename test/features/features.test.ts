// One folder a behaviour: README.md says what must hold, pipeline.yaml does it, expected.json is held against the runs.

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunView } from '../../src/contract/index.js';
import type { JsonObject, JsonValue } from '../../src/util/index.js';
import { TEST_PYTHON } from '../support/anneal-cli.js';
import { PipelineService, type End } from '../support/pipeline-service.js';

interface ExpectedRun {
  readonly title: string;
  readonly arguments?: JsonObject;
  readonly state: End;
  readonly outputs?: JsonObject;
  /** By path in the DAG: the status, and the output named Output (or output) where one is given. */
  readonly tasks?: Readonly<Record<string, readonly [status: string, output?: JsonValue]>>;
  readonly attempts?: Readonly<Record<string, number>>;
  readonly reasons?: Readonly<Record<string, string>>;
}

const behaviours = readdirSync(import.meta.dirname, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);
if (TEST_PYTHON === undefined)
  console.warn('SKIPPED: features did not run, ANNEAL_TEST_PYTHON is not set');

describe.skipIf(TEST_PYTHON === undefined)('features', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'anneal-features-'));
  let service: PipelineService;

  beforeAll(async () => {
    service = await PipelineService.open(TEST_PYTHON!);
  });
  afterAll(async () => {
    await service.close();
    rmSync(folder, { recursive: true, force: true });
  });

  describe.each(behaviours)('%s', (behaviour) => {
    const file = (name: string) => path.join(import.meta.dirname, behaviour, name);
    const text = readFileSync(file('expected.json'), 'utf8').replaceAll('{folder}', folder);

    test.each(JSON.parse(text) as ExpectedRun[])('$title', async (expected) => {
      const end = await service.run(file('pipeline.yaml'), expected.arguments ?? {});

      expect({ ...end, ...seen(end.view!, expected) }).toMatchObject({
        state: expected.state,
        ...seenIn(expected),
      });
    });
  });
});

/** What the run shows of all that is expected. */
function seen(view: RunView, expected: ExpectedRun): JsonObject {
  const task = (name: string) => view.tasks.find((each) => each.name === name);
  const outputOf = (name: string): JsonValue | undefined => {
    const { Output, output } = task(name)?.outputs?.parameters ?? {};
    return Output ?? output;
  };
  const over = <Value>(names: object = {}, read: (name: string) => Value) =>
    Object.fromEntries(Object.keys(names).map((name) => [name, read(name)]));
  return {
    outputs: view.outputs,
    tasks: over(expected.tasks, (name) => [task(name)?.status ?? 'absent', outputOf(name) ?? null]),
    attempts: over(expected.attempts, (name) => task(name)?.attempts ?? 0),
    reasons: over(expected.reasons, (name) => task(name)?.reason ?? null),
  };
}

function seenIn({
  outputs = {},
  tasks = {},
  attempts = {},
  reasons = {},
}: ExpectedRun): JsonObject {
  const whole = Object.entries(tasks).map(([name, [status, output]]) => [
    name,
    [status, output ?? null],
  ]);
  return { outputs, tasks: Object.fromEntries(whole) as JsonObject, attempts, reasons };
}
