import { readFileSync } from 'node:fs';

/** Version of this package, from its package.json: two levels up in src, three in dist. */
export const ANNEAL_VERSION: string = readVersion();

function readVersion(): string {
  for (const candidate of ['../../package.json', '../../../package.json']) {
    try {
      const text = readFileSync(new URL(candidate, import.meta.url), 'utf8');
      const manifest = JSON.parse(text) as { name?: string; version?: string };
      if (manifest.name === 'anneal' && manifest.version) return manifest.version;
    } catch {
      continue;
    }
  }
  return 'unknown';
}
