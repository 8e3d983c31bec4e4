import type { End, FileEnd } from '../support/pipeline-service.js';
import type { CorpusEntry } from './corpus.js';
import { READINGS } from './readings.js';

export interface Judgement {
  /** `not run`: it needs a container engine, a cluster or a network that is not there. */
  readonly verdict: 'passed' | 'FAILED' | 'not run';
  readonly expected: End;
  readonly got: string;
  readonly reason: string;
}

/** Refusals that say what this machine lacks, not what is wrong with the pipeline. */
const LACKING = new Set(['E_IMAGE', 'E_UNSUPPORTED', 'E_IMPORT_REFUSED']);
const NEEDS_MORE = new Set<CorpusEntry['runner']>(['docker', 'kubernetes', 'cloud']);

/** Holds a file's end against what it must be; where KFP says nothing, against our reading of the semantics. */
export function judge(entry: CorpusEntry, end: FileEnd): Judgement {
  const { end: read, needs } = READINGS[entry.path] ?? {};
  const expected = entry.expected ?? read ?? 'succeeded';
  const reason = end.reason ?? '';
  const base = { expected, got: end.state, reason };
  const lacks = end.state === 'refused' && LACKING.has(end.code ?? '');
  if (lacks && NEEDS_MORE.has(entry.runner)) return { ...base, verdict: 'not run' };
  if (needs !== undefined && end.state !== 'succeeded') {
    return { ...base, verdict: 'not run', reason: `needs ${needs}; ${reason}` };
  }
  const differences = differingOutputs(entry, end);
  if (end.state !== expected || differences.length > 0) {
    return { ...base, verdict: 'FAILED', reason: [...differences, reason].join(' ') };
  }
  return { ...base, verdict: 'passed' };
}

function differingOutputs({ path }: CorpusEntry, { view, state }: FileEnd): string[] {
  if (state !== 'succeeded') return [];
  return Object.entries(READINGS[path]?.outputs ?? {}).flatMap(([name, wanted]) => {
    const got = JSON.stringify(view?.outputs[name]);
    return got === JSON.stringify(wanted)
      ? []
      : [`output ${name} is ${got}, not ${JSON.stringify(wanted)};`];
  });
}
