// The pipelines of KFP's own test suite. They are no part of this project: they lie beside it, or are not there.

import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { JsonObject } from '../../src/util/index.js';
import type { End } from '../support/pipeline-service.js';

const CORPUS = fileURLToPath(new URL('../../../shared/kfp-corpus/', import.meta.url));

/** One pipeline of the corpus, as its manifest describes it. */
export interface CorpusEntry {
  /** Path within the corpus. */
  readonly path: string;
  readonly runner: 'process' | 'shell' | 'docker' | 'kubernetes' | 'cloud' | 'invalid';
  readonly arguments: JsonObject;
  /** null: KFP's own tests say nothing. */
  readonly expected: End | null;
  readonly sdk: string;
}

/** The corpus' pipelines; undefined when the corpus is not on this machine. */
export function readCorpus(): readonly CorpusEntry[] | undefined {
  if (!existsSync(`${CORPUS}manifest.json`)) return undefined;
  return JSON.parse(readFileSync(`${CORPUS}manifest.json`, 'utf8')) as CorpusEntry[];
}

/** Absolute path of an entry's file. */
export function corpusFile({ path }: Pick<CorpusEntry, 'path'>): string {
  return CORPUS + path;
}
