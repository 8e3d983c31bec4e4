import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadSettings } from '../../../src/config/index.js';
import { runDoctor, type DoctorFinding } from '../../../src/devserver/index.js';
import { findFreePorts } from '../../../src/devserver/service/free-ports.js';

const TEST_PYTHON = process.env['ANNEAL_TEST_PYTHON'];

let home: string;

beforeEach(() => {
  home = path.join(mkdtempSync(path.join(tmpdir(), 'anneal-doctor-')), '.anneal');
});

afterEach(() => rmSync(path.dirname(home), { recursive: true, force: true }));

/** S3 is tried in test/integration/s3-store.test.ts. */
const probeStore = () => Promise.reject(new Error('a store in S3 was tried'));

async function examine(variables: NodeJS.ProcessEnv = {}): Promise<Map<string, DoctorFinding>> {
  const settings = loadSettings({ ANNEAL_HOME: home, ...variables });
  const findings = await runDoctor(settings, probeStore);
  return new Map(findings.map((finding) => [finding.name, finding]));
}

const failing = (findings: Map<string, DoctorFinding>): string[] =>
  [...findings.values()].filter(({ ok }) => !ok).map(({ name }) => name);

describe('the doctor', () => {
  test.skipIf(TEST_PYTHON === undefined)(
    'finds nothing amiss where the tests run (skipped unless ANNEAL_TEST_PYTHON is set)',
    async () => {
      const findings = await examine({ ANNEAL_PYTHON_ENV: TEST_PYTHON });

      expect(failing(findings)).toEqual([]);
      expect(findings.get('Temporal CLI')!.found).toMatch(/temporal version \d/);
      expect(findings.get('Python environment')!.found).toMatch(/scikit-learn \d/);
    },
  );

  test('makes nothing: a home that is not there yet stays so', async () => {
    const findings = await examine();

    expect(findings.get('Home')).toMatchObject({ ok: true });
    expect(findings.get('Python environment')!.found).toContain('not built yet');
    expect(existsSync(home)).toBe(false);
  });

  test('names every AWS setting that the target sagemaker lacks', async () => {
    const findings = await examine({
      ANNEAL_DEPLOY_TARGET: 'sagemaker',
      ANNEAL_SAGEMAKER_BUCKET: 'models',
    });

    expect(findings.get('SageMaker settings')).toMatchObject({
      ok: false,
      found: 'not set: ANNEAL_SAGEMAKER_ROLE, ANNEAL_SAGEMAKER_IMAGE, ANNEAL_SAGEMAKER_REGION',
      fix: expect.stringContaining('docs/settings.md') as unknown,
    });
  });

  test('says that a configured cluster does not answer', async () => {
    const [port] = await findFreePorts(1);

    const findings = await examine({ TEMPORAL_ADDRESS: `127.0.0.1:${port}` });

    expect(findings.get('Temporal server')).toMatchObject({
      ok: false,
      fix: expect.stringContaining('TEMPORAL_ADDRESS') as unknown,
    });
  });

  test('gives the command that puts a damaged database aside', async () => {
    mkdirSync(home, { recursive: true });
    writeFileSync(path.join(home, 'temporal.db'), 'rubbish');

    const findings = await examine();

    expect(findings.get('Server database')).toMatchObject({
      ok: false,
      fix: expect.stringContaining(`mv ${home}/temporal.db`) as unknown,
    });
  });

  test('says which Python is wanted when there is none', async () => {
    const findings = await examine({ ANNEAL_PYTHON: '/nowhere/python3' });

    expect(failing(findings)).toEqual(['Python', 'Python venv module']);
    expect(findings.get('Python')!.found).toContain('/nowhere/python3');
  });
});
