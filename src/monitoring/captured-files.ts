// The files of SageMaker's data capture that a check reads.
//
// Layout: <destination>/<endpoint>/<variant>/yyyy/mm/dd/hh/<file>.jsonl, hours in UTC; files never change. Source:
// "Capture data from real-time endpoint", Amazon SageMaker AI Developer Guide.
//
// F1. Only this endpoint's variants count, and of them not a candidate beside the live model: as a shadow it gets copies
//     of the same requests, and without its share of a split the live model's are a fair sample still.
// F2. Hours before the model went live are not even listed.
// F3. Bounded: the newest files up to 256 MiB, none above 64 MiB. What is left out is counted.
// F4. An hour is copied as a whole, and kept by the worker: a later check downloads only what is new since.
// F5. An hour of which a file vanishes while it is read is left out, as a life cycle rule would have it a moment later.

import { CANDIDATE_VARIANT } from '../deploy/index.js';
import { isAnnealError, monitorErrors } from '../errors/index.js';
import type { ArtifactStore, ExternalFile, ExternalFolder } from '../storage/index.js';

export interface CapturedFiles {
  /** On this machine, with files at any depth. */
  readonly folders: readonly string[];
  /** Files that are not among them (F3, F5). */
  readonly leftOut: number;
}

export interface CapturedRequest {
  /** `s3://bucket/prefix`: the destination of the data capture. */
  readonly uri: string;
  readonly endpoint: string;
  /** ISO 8601: when the model went live. */
  readonly since?: string;
}

const TOTAL_MAX_BYTES = 256 * 2 ** 20;
const FILE_MAX_BYTES = 64 * 2 ** 20;
const HOUR = /^\d{4}\/\d{2}\/\d{2}\/\d{2}\//;
const HOUR_LENGTH = 'yyyy/mm/dd/hh'.length;

/**
 * Brings the captured requests of an endpoint to this machine.
 *
 * @returns no folders when nothing was captured yet
 * @throws E_INPUT_NOT_FOUND when the place may not be read; E_STORE when another try may help
 */
export async function fetchCaptured(
  store: ArtifactStore,
  request: CapturedRequest,
  inUse: AbortSignal,
): Promise<CapturedFiles> {
  try {
    const place = await store.openExternalFolder(request.uri);
    const found = await newestFiles(place, request);
    const folders: string[] = [];
    let { leftOut } = found;
    for (const [hour, files] of found.hours) {
      const folder = await fetchHour(place, hour, files, inUse);
      if (folder === undefined) leftOut += files.length;
      else folders.push(folder);
    }
    return { folders, leftOut };
  } catch (error) {
    throw explained(request.uri, error);
  }
}

/** By hour of a variant. */
type Hours = ReadonlyMap<string, readonly ExternalFile[]>;

async function newestFiles(
  place: ExternalFolder,
  { endpoint, since }: CapturedRequest,
): Promise<{ readonly hours: Hours; readonly leftOut: number }> {
  const newest = new NewestFiles();
  for (const variant of await place.folders(endpoint)) {
    if (variant === CANDIDATE_VARIANT) continue; // F1
    const folder = `${endpoint}/${variant}`;
    const after = since === undefined ? undefined : `${folder}/${hourOf(since)}/`; // F2
    for await (const file of place.files(folder, after)) {
      const time = file.path.slice(folder.length + 1);
      if (HOUR.test(time) && time.endsWith('.jsonl')) newest.add(time, file);
    }
  }
  return { hours: newest.byHour(), leftOut: newest.leftOut };
}

/** Keeps the newest of many files, without keeping all. */
class NewestFiles {
  leftOut = 0;
  #sizeBytes = 0;
  #files: { readonly time: string; readonly file: ExternalFile }[] = [];

  /** @param time the file's key from its hour on */
  add(time: string, file: ExternalFile): void {
    if (file.sizeBytes > FILE_MAX_BYTES) {
      this.leftOut += 1;
      return;
    }
    this.#files.push({ time, file });
    this.#sizeBytes += file.sizeBytes;
    if (this.#sizeBytes > 2 * TOTAL_MAX_BYTES) this.#prune();
  }

  byHour(): Hours {
    this.#prune();
    const hours = new Map<string, ExternalFile[]>();
    for (const { time, file } of this.#files) {
      const hour = file.path.slice(0, file.path.length - time.length + HOUR_LENGTH);
      hours.set(hour, [...(hours.get(hour) ?? []), file]);
    }
    return hours;
  }

  #prune(): void {
    this.#files.sort((left, right) => (left.time < right.time ? -1 : 1));
    let dropped = 0;
    while (this.#sizeBytes > TOTAL_MAX_BYTES) {
      this.#sizeBytes -= this.#files[dropped]!.file.sizeBytes;
      dropped += 1;
    }
    this.leftOut += dropped;
    this.#files = this.#files.slice(dropped);
  }
}

/** F4. @returns undefined when a file has vanished (F5) */
async function fetchHour(
  place: ExternalFolder,
  hour: string,
  files: readonly ExternalFile[],
  inUse: AbortSignal,
): Promise<string | undefined> {
  try {
    return await place.fetch(hour, files, inUse);
  } catch (error) {
    if (isAnnealError(error) && error.code === 'E_ARTIFACT') return undefined;
    throw error;
  }
}

function hourOf(iso: string): string {
  return new Date(iso).toISOString().slice(0, HOUR_LENGTH).replaceAll(/[-T]/g, '/');
}

const RIGHTS =
  'Give the worker s3:ListBucket on the bucket and s3:GetObject below that address: docs/aws/worker-sagemaker-endpoints.json.';
const ADDRESS = "Check --captured: it is the address of the policy's dataCapture.";

/** What will not mend itself, in words of monitors. */
function explained(uri: string, error: unknown): unknown {
  if (!isAnnealError(error) || error.code !== 'E_STORE' || error.retryable) return error;
  const reason = String(error.details['reason']);
  const hints: Readonly<Record<string, string>> = {
    'access denied': RIGHTS,
    'the bucket does not exist': ADDRESS,
  };
  const hint = hints[reason] ?? error.hint ?? ADDRESS;
  return monitorErrors.capturedUnreadable(uri, { reason, hint }, error);
}
