// Which captured files a check reads, by listings of a plan.

import { describe, expect, it } from 'vitest';
import { storageErrors } from '../../../src/errors/index.js';
import { fetchCaptured } from '../../../src/monitoring/captured-files.js';
import type { ArtifactStore, ExternalFile, ExternalFolder } from '../../../src/storage/index.js';
import { memoryStore } from '../../support/memory-store.js';

const MIB = 2 ** 20;
const NEVER = new AbortController().signal;
const REQUEST = { uri: 's3://bucket/captured', endpoint: 'churn', since: '2026-01-31T06:30:00Z' };

/** A place of files, path to size; it keeps what was asked of it. */
class PlannedFolder implements ExternalFolder {
  readonly listed: (string | undefined)[] = [];
  readonly fetched: Record<string, readonly string[]> = {};

  constructor(
    private readonly sizes: Readonly<Record<string, number>>,
    private readonly gone: readonly string[] = [],
  ) {}

  folders(path: string): Promise<readonly string[]> {
    const names = Object.keys(this.sizes)
      .filter((key) => key.startsWith(`${path}/`))
      .map((key) => key.split('/')[1]!);
    return Promise.resolve([...new Set(names)].sort());
  }

  async *files(path: string, after?: string): AsyncGenerator<ExternalFile> {
    this.listed.push(after);
    for (const [key, sizeBytes] of Object.entries(this.sizes).sort()) {
      if (!key.startsWith(`${path}/`) || key <= (after ?? '')) continue;
      yield await Promise.resolve({ path: key, sizeBytes, etag: '"e"' });
    }
  }

  fetch(path: string, files: readonly ExternalFile[]): Promise<string> {
    if (files.some((file) => this.gone.includes(file.path))) {
      return Promise.reject(storageErrors.artifactChanging(path));
    }
    this.fetched[path] = files.map((file) => file.path.slice(path.length + 1));
    return Promise.resolve(`/copies/${path}`);
  }
}

const fetchFrom = (place: ExternalFolder | Error, request: Partial<typeof REQUEST> = {}) => {
  const store: ArtifactStore = {
    ...memoryStore((work) => Promise.resolve(work())),
    openExternalFolder: () =>
      place instanceof Error ? Promise.reject(place) : Promise.resolve(place),
  };
  return fetchCaptured(store, { ...REQUEST, ...request }, NEVER);
};

describe('the captured files of an endpoint', () => {
  it('are those of its variants from the hour on in which the model went live', async () => {
    const place = new PlannedFolder({
      'churn/AllTraffic/2026/01/31/05/old.jsonl': 1,
      'churn/AllTraffic/2026/01/31/06/a.jsonl': 1,
      'churn/AllTraffic/2026/01/31/06/b.jsonl': 1,
      'churn/AllTraffic/2026/02/01/00/c.jsonl': 1,
      'churn/AllTraffic/2026/02/01/00/c.jsonl.tmp': 1,
      'churn/AllTraffic/readme.jsonl': 1,
      'churn/Candidate/2026/01/31/06/copy.jsonl': 1,
      'churn-2/AllTraffic/2026/01/31/06/other.jsonl': 1,
    });

    const found = await fetchFrom(place);

    expect(place.fetched).toEqual({
      'churn/AllTraffic/2026/01/31/06': ['a.jsonl', 'b.jsonl'],
      'churn/AllTraffic/2026/02/01/00': ['c.jsonl'],
    });
    expect(place.listed).toEqual(['churn/AllTraffic/2026/01/31/06/']);
    expect(found).toEqual({
      folders: Object.keys(place.fetched).map((path) => `/copies/${path}`),
      leftOut: 0,
    });
  });

  it('are none before the first request', async () => {
    expect(await fetchFrom(new PlannedFolder({}))).toEqual({ folders: [], leftOut: 0 });
  });

  it('are the newest of all variants, up to 256 MiB, without one above 64 MiB (F3)', async () => {
    const hours = Array.from({ length: 24 }, (_, hour) => String(hour).padStart(2, '0'));
    const place = new PlannedFolder({
      ...Object.fromEntries(
        hours.map((hour) => [`churn/AllTraffic/2026/02/01/${hour}/f.jsonl`, 20 * MIB]),
      ),
      'churn/Blue/2026/02/01/23/f.jsonl': 20 * MIB,
      'churn/Blue/2026/02/01/00/f.jsonl': 20 * MIB,
      'churn/Blue/2026/02/01/23/huge.jsonl': 64 * MIB + 1,
    });

    const { leftOut } = await fetchFrom(place);

    const kept = Object.keys(place.fetched);
    expect(kept).toHaveLength(12); // of 20 MiB each
    expect(kept).toContain('churn/Blue/2026/02/01/23');
    expect(kept.filter((path) => path.startsWith('churn/AllTraffic/')).sort()[0]).toBe(
      'churn/AllTraffic/2026/02/01/13',
    );
    expect(leftOut).toBe(26 - 12 + 1);
  });

  it('lose an hour of which a file vanishes meanwhile, and no more (F5)', async () => {
    const lost = 'churn/AllTraffic/2026/01/31/06/a.jsonl';
    const place = new PlannedFolder({ [lost]: 1, 'churn/AllTraffic/2026/01/31/07/b.jsonl': 1 }, [
      lost,
    ]);

    const found = await fetchFrom(place);

    expect(found).toEqual({ folders: ['/copies/churn/AllTraffic/2026/01/31/07'], leftOut: 1 });
  });

  it.each([
    ['access denied', 's3:GetObject'],
    ['the bucket does not exist', 'Check --captured'],
    ['the KMS key refuses', 'kms:Decrypt'],
  ])('that cannot be read because %s say what to do', async (reason, words) => {
    const failure = storageErrors.storeFailed({
      ...{ action: 'list', path: 's3://bucket/captured', reason, retryable: false },
      hint: 'Give these credentials kms:Decrypt on the key.',
    });

    await expect(fetchFrom(failure)).rejects.toMatchObject({
      code: 'E_INPUT_NOT_FOUND',
      message: `The captured requests at "s3://bucket/captured" cannot be read: ${reason}.`,
      hint: expect.stringContaining(words) as string,
    });
  });

  it('are asked for again when another try may help', async () => {
    const failure = storageErrors.storeFailed({
      ...{ action: 'list', path: 's3://bucket/captured', reason: 'no answer in time' },
      ...{ retryable: true, hint: '' },
    });

    await expect(fetchFrom(failure)).rejects.toBe(failure);
  });
});
