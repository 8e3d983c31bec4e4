// The state of a model: its versions, and what its log says of them.
//
// M1. From the first promotion on exactly one version is the champion, whatever the order of entries.
// M2. Only a version whose last decision is an acceptance may be deployed.

import type { ModelEvent, ModelVerdict } from './model-event.js';
import type { ModelVersion } from './model-version.js';

/** candidate: it was offered; champion: its endpoint serves it; archived: it was the champion, or was put away. */
export type ModelStage = 'candidate' | 'champion' | 'archived';

export interface ModelVersionView extends ModelVersion {
  readonly stage: ModelStage;
  /** The last decision on it; absent when nothing decided yet. */
  readonly verdict?: ModelVerdict;
  /** Who approved it, when a person did. */
  readonly approvedBy?: string;
  /** The reason of the last decision. */
  readonly reason?: string;
  readonly decisionKey?: string;
}

export interface ModelView {
  readonly name: string;
  /** Version that serves. */
  readonly champion?: number;
  /** Version that a rollback goes back to. */
  readonly formerChampion?: number;
  /** The newest first. */
  readonly versions: readonly ModelVersionView[];
  /** The whole log, the oldest first. */
  readonly events: readonly ModelEvent[];
}

/** Folds a log over the versions of a model (M1). */
export function foldModel(
  name: string,
  versions: readonly ModelVersion[],
  events: readonly ModelEvent[],
): ModelView {
  const champions = championsOf(events);
  const [champion, formerChampion] = [...champions].reverse();
  const view = (version: ModelVersion): ModelVersionView => {
    const own = events.filter((event) => event.version === version.version);
    return { ...version, stage: stageOf(own, version.version === champion), ...decisionOf(own) };
  };
  return {
    name,
    ...(champion !== undefined && { champion }),
    ...(formerChampion !== undefined && { formerChampion }),
    versions: versions.map(view).sort((left, right) => right.version - left.version),
    events,
  };
}

/** Champions one after the other, without those that a rollback took back; each is in it once. */
function championsOf(events: readonly ModelEvent[]): readonly number[] {
  let champions: readonly number[] = [];
  for (const { kind, version } of events) {
    const place = champions.indexOf(version);
    if (kind === 'rolled_back' && place >= 0) champions = champions.slice(0, place + 1);
    else if (kind === 'rolled_back' || kind === 'promoted') {
      champions = [...champions.filter((each) => each !== version), version];
    }
  }
  return champions;
}

function stageOf(own: readonly ModelEvent[], isChampion: boolean): ModelStage {
  if (isChampion) return 'champion';
  const isPast = own.some(({ kind }) => ['promoted', 'rolled_back', 'archived'].includes(kind));
  return isPast ? 'archived' : 'candidate';
}

type Decision = Pick<ModelVersionView, 'verdict' | 'approvedBy' | 'reason' | 'decisionKey'>;

function decisionOf(own: readonly ModelEvent[]): Decision {
  const last = own.findLast(({ kind }) => ['judged', 'approved', 'rejected'].includes(kind));
  if (last === undefined) return {};
  const decisionKey = own.findLast((event) => event.decisionKey !== undefined)?.decisionKey;
  return {
    verdict: verdictOf(last),
    ...(last.kind === 'approved' && { approvedBy: last.by }),
    ...(last.reason !== undefined && { reason: last.reason }),
    ...(decisionKey !== undefined && { decisionKey }),
  };
}

function verdictOf({ kind, verdict }: ModelEvent): ModelVerdict | undefined {
  if (kind === 'judged') return verdict;
  return kind === 'approved' ? 'accepted' : 'refused';
}
