// Environments from local wheels: no index and no network is needed.

import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Container } from './support/kfp-component.js';
import { lightweight, preamble } from './support/kfp-component.js';
import { openBench, rejection, type Bench } from './support/runner-bench.js';
import { missingPython, testPython, testUv } from './support/test-python.js';

// zipfile is in every Python; a wheel is a zip file with three files of metadata.
const MAKE_WHEEL = `
import sys, zipfile
folder, name, version = sys.argv[1:]
info = f"{name}-{version}.dist-info"
with zipfile.ZipFile(f"{folder}/{name}-{version}-py3-none-any.whl", "w") as wheel:
    wheel.writestr(f"{name}.py", f"VERSION = {version!r}\\n")
    wheel.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\\nName: {name}\\nVersion: {version}\\n")
    wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\\nGenerator: test\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
    wheel.writestr(f"{info}/RECORD", f"{name}.py,,\\n{info}/METADATA,,\\n{info}/WHEEL,,\\n{info}/RECORD,,\\n")
`;
const SETTINGS = { UV_NO_INDEX: '1', PIP_NO_INDEX: '1', UV_HTTP_RETRIES: '0', PIP_RETRIES: '0' };

describe.skipIf(missingPython())('environments', () => {
  let wheels: string;
  const benches: Bench[] = [];
  beforeAll(async () => {
    wheels = await mkdtemp(path.join(tmpdir(), 'anneal-wheels-'));
    for (const version of ['1.0', '2.0']) {
      execFileSync(testPython, ['-c', MAKE_WHEEL, wheels, 'annealprobe', version]);
    }
    Object.assign(process.env, SETTINGS);
  });
  afterAll(async () => {
    await rm(wheels, { recursive: true, force: true });
    for (const name of Object.keys(SETTINGS)) delete process.env[name];
  });
  afterEach(async () => {
    for (const bench of benches.splice(0)) await bench.close();
  });

  async function open(uv: string | undefined, environmentsFolder?: string) {
    const progress: string[] = [];
    const bench = await openBench({
      uv,
      onProgress: (message) => progress.push(message),
      ...(environmentsFolder ? { environmentsFolder } : {}),
    });
    benches.push(bench);
    return { bench, progress };
  }
  /** A plain Python command behind a preamble that installs the probe. */
  function probe(requirement: string, print = 'annealprobe.VERSION'): Container {
    const install = `python3 -m pip install --quiet --find-links ${wheels} '${requirement}'`;
    return {
      image: 'python:3.11',
      command: [
        'sh',
        '-c',
        preamble(install),
        'python3',
        '-c',
        `import annealprobe, sys; open(sys.argv[1], "w").write(str(${print}))`,
      ],
      args: ["{{$.outputs.parameters['Output'].output_file}}"],
    };
  }
  const component = {
    outputDefinitions: { parameters: { Output: { parameterType: 'STRING' } } },
  } as const;
  const builders: [string, string | undefined][] = [['venv and pip', undefined]];
  if (testUv === undefined)
    console.warn('SKIPPED: ANNEAL_TEST_UV names no uv; environments are built by pip only');
  else builders.unshift(['uv', testUv]);

  describe.each(builders)('built by %s', (_, uv) => {
    test('five callers in two workers build one environment once', async () => {
      const shared = await mkdtemp(path.join(tmpdir(), 'anneal-environments-'));
      const [left, right] = [await open(uv, shared), await open(uv, shared)];
      const task = { container: probe('annealprobe==1.0'), component };

      const results = await Promise.all(
        [left, right, left, right, left].map(({ bench }) => bench.execute(task)),
      );

      expect(results.map(({ outputs }) => outputs.parameters.Output)).toEqual(Array(5).fill('1.0'));
      expect([...left.progress, ...right.progress]).toEqual([
        'building environment with annealprobe',
      ]);
      expect(new Set(results.map(({ environmentDigest }) => environmentDigest)).size).toBe(1);
      expect((await readdir(shared)).filter((name) => !/^[0-9a-f]{64}$/.test(name))).toEqual([]);
      await rm(shared, { recursive: true });
    }, 60_000);

    test('a package that does not exist is an error that is not retried', async () => {
      const { bench } = await open(uv);

      const error = await rejection(
        bench.execute({ container: probe('annealprobe-nowhere==9'), component }),
      );

      expect(error).toMatchObject({ code: 'E_TASK_ENVIRONMENT', retryable: false });
      expect(error.message).toContain('annealprobe-nowhere');
      expect(await readdir(path.join(bench.folder, 'environments'))).toEqual([]);
    }, 60_000);
  });

  test('other versions, and the order of requirements, make other environments or the same', async () => {
    const { bench } = await open(testUv);
    const digestOf = (requirements: string) => bench.runner.environmentDigest(probe(requirements));

    const digests = [
      await digestOf("annealprobe==1.0' 'other"),
      await digestOf("other' 'annealprobe==1.0"),
      await digestOf("annealprobe==2.0' 'other"),
    ];

    expect(digests[1]).toBe(digests[0]);
    expect(digests[2]).not.toBe(digests[0]);
  });

  test('nothing is built when the base environment has everything', async () => {
    const { bench, progress } = await open(testUv);
    const install = `python3 -m pip install --quiet 'packaging>=20' 'nothing; python_version<"3.0"' && python3 -m pip install 'kfp>=2' '--no-deps'`;

    const { outputs } = await bench.execute({
      container: lightweight(
        'def component() -> str:\n    import sys\n    return sys.prefix',
        install,
      ),
      component,
    });

    expect(progress).toEqual([]);
    expect(outputs.parameters.Output).toBe(path.dirname(path.dirname(testPython)));
  });

  test('an index that does not answer is tried again later', async () => {
    const { bench } = await open(testUv);
    for (const name of ['UV_NO_INDEX', 'PIP_NO_INDEX']) delete process.env[name];
    const install =
      "python3 -m pip install --index-url http://127.0.0.1:9/simple 'annealprobe-remote'";

    const error = await rejection(
      bench.execute({
        container: {
          image: 'python:3.11',
          command: ['sh', '-c', preamble(install), 'python3', '-c', 'pass'],
          args: [],
        },
      }),
    );
    Object.assign(process.env, SETTINGS);

    expect(error).toMatchObject({ code: 'E_TASK_ENVIRONMENT', retryable: true });
  }, 60_000);

  test('the lock of a builder that died is taken over', async () => {
    const { bench } = await open(testUv);
    const container = probe('annealprobe==2.0');
    const folder = path.join(bench.folder, 'environments');
    const first = await bench.execute({ container, component });
    const name = (await readdir(folder))[0]!;
    await rm(path.join(folder, name), { recursive: true });
    await mkdir(folder, { recursive: true });
    await writeFile(
      path.join(folder, `${name}.lock`),
      '{"pid": 1, "startTime": "never", "bootId": "another"}',
    );

    const again = await bench.execute({ container, component });

    expect(again.environmentDigest).toBe(first.environmentDigest);
    expect(await readdir(folder)).toEqual([name]);
  }, 60_000);
});
