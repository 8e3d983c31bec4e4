// One pipeline, compiled by nine releases of the KFP SDK (sdk-versions/pipeline.py): each file runs, and to the same end.

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TEST_PYTHON } from '../support/anneal-cli.js';
import { PipelineService } from '../support/pipeline-service.js';

const FOLDER = join(import.meta.dirname, 'sdk-versions');
const FILES = readdirSync(FOLDER).filter((name) => name.endsWith('.yaml'));

describe.skipIf(TEST_PYTHON === undefined)('a pipeline compiled by', () => {
  let service: PipelineService;

  beforeAll(async () => {
    service = await PipelineService.open(TEST_PYTHON!);
  });
  afterAll(() => service.close());

  test.each(FILES)('%s runs', async (file) => {
    const { state, reason, view } = await service.run(join(FOLDER, file), { count: 4 });

    expect(reason).toBeUndefined();
    expect(state).toBe('succeeded');
    expect(view?.outputs).toEqual({ Output: 'end 3 True' });
    const outputs = view?.tasks.flatMap((task) => task.outputs?.parameters['Output'] ?? []);
    expect(outputs).toEqual(expect.arrayContaining([4, 3, 'large 3 True', 'x 3 True', 'y 3 True']));
  });

  test('nine releases, the first and the last of which are 2.0 and 2.17', () => {
    expect(FILES).toHaveLength(9);
    expect(FILES).toEqual(expect.arrayContaining(['kfp-2.0.1.yaml', 'kfp-2.17.0.yaml']));
  });
});
