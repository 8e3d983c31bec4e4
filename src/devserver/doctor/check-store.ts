import { constants, existsSync } from 'node:fs';
import { access, statfs } from 'node:fs/promises';
import path from 'node:path';
import type { Settings } from '../../config/index.js';
import { finding, type DoctorFinding } from './finding.js';

// An environment takes about 0.5 GB, and a run's artifacts have to fit beside it.
const MINIMUM_FREE_BYTES = 1e9;

/** Opens a store that is no folder and tries what runs need. @returns what was found; throws what is wrong */
export type ProbeStore = (settings: Settings) => Promise<string>;

/** Whether the home and the artifact store can be written, and have room. */
export function checkStore(settings: Settings, probeStore: ProbeStore): Promise<DoctorFinding[]> {
  const { home, store } = settings;
  const fix =
    'Free some space or change the rights, or use another folder: ANNEAL_HOME, ANNEAL_STORE';
  return Promise.all([
    finding('Home', fix, () => describeFolder(home)),
    finding('Artifact store', fix, () =>
      store.startsWith('s3://') ? probeStore(settings) : describeFolder(store),
    ),
  ]);
}

async function describeFolder(folder: string): Promise<string> {
  const place = nearestExisting(folder);
  await access(place, constants.W_OK);
  const { bavail, bsize } = await statfs(place);
  const free = `${((bavail * bsize) / 1e9).toFixed(1)} GB free`;
  if (bavail * bsize < MINIMUM_FREE_BYTES) throw new Error(`${folder} has only ${free}`);
  return `${folder}, ${free}`;
}

/** The folder itself, or the one in which it will be made. */
function nearestExisting(folder: string): string {
  return existsSync(folder) ? folder : nearestExisting(path.dirname(folder));
}
