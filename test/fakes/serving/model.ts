import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { digestContent } from '../../../src/storage/local/index.js';

/** What the stand-in serving program reads; see anneal_tasks/serving/__main__.py beside this file. */
export interface StandInModel {
  readonly answer: string;
  readonly on_load?: 'die' | 'hang';
  readonly pickle?: boolean;
  readonly sample?: Readonly<Record<string, unknown>>;
  readonly expected?: unknown;
  readonly status?: number;
  readonly delay_ms?: number;
}

/** Writes a model for the stand-in serving program. */
export async function writeStandInModel(
  folder: string,
  model: StandInModel,
): Promise<{ readonly modelPath: string; readonly modelDigest: string }> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'model.json'), JSON.stringify(model));
  const digested = await digestContent(folder);
  return { modelPath: folder, modelDigest: digested!.content.digest };
}
