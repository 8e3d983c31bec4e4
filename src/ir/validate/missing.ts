import type { irFindings } from '../../errors/index.js';
import { closestMatch } from '../../util/index.js';

/** Describes a name that is not among the known ones, for "did you mean". */
export function missing(name: string, known: Iterable<string>): irFindings.Missing {
  const names = [...known];
  // 1,000: beyond that the nearest name is not worth the time of comparing.
  const nearest =
    names.length <= 1_000 && name.length <= 200 ? closestMatch(name, names) : undefined;
  return { name, nearest, known: names };
}
