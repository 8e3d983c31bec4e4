import type { RuleView, SegmentFloor } from '../../../contract/index.js';
import type { GateFacts, SegmentCount } from '../gate-facts.js';
import { isCount, shown } from '../numbers.js';
import { holds, refuses } from '../rule-view.js';
import { clean, reasonFor } from './reasons.js';

const MOST_SHOWN = 5;

/** Least accuracy in each segment with enough rows. */
export function segmentRule(floor: SegmentFloor, { evidence }: GateFacts): RuleView {
  const { column, atLeast, minRows } = floor;
  const { segments, unavailable } = evidence;
  const found: unknown = Object.hasOwn(segments ?? {}, column) ? segments![column] : undefined;
  if (!Array.isArray(found) || !found.every(isSegment)) {
    const why = reasonFor(unavailable, `segments.${column}`) ?? 'nothing was counted';
    return refuses('segment', `No segments of "${column}": ${clean(why)}.`, { column });
  }
  const judged = found.filter(({ rows }) => rows >= minRows && rows > 0);
  const shares = judged.map(({ value, rows, right }) => ({ value, rows, share: right / rows }));
  const lowest = [...shares].sort((left, right) => left.share - right.share)[0];
  const numbers = {
    ...{ column, at_least: atLeast, min_rows: minRows },
    ...{ judged: judged.length, too_few_rows: found.length - judged.length },
    ...(lowest && { lowest: lowest.share, lowest_value: lowest.value, lowest_rows: lowest.rows }),
  };
  if (lowest === undefined) {
    return refuses('segment', `No value of "${column}" has ${minRows} held-out rows.`, numbers);
  }
  const below = shares.filter(({ share }) => !(share >= atLeast));
  if (below.length === 0) {
    const words = `Each of ${judged.length} values of "${column}" reaches ${atLeast}; the lowest is ${shown(lowest.share)} (${lowest.value}).`;
    return holds('segment', words, numbers);
  }
  const listed = below
    .slice(0, MOST_SHOWN)
    .map(({ value, share, rows }) => `${value} ${shown(share)} of ${rows} rows`);
  const more = below.length > MOST_SHOWN ? ` and ${below.length - MOST_SHOWN} more` : '';
  const words = `Below ${atLeast} in segments of "${column}": ${listed.join(', ')}${more}.`;
  return refuses('segment', words, numbers);
}

function isSegment(segment: unknown): segment is SegmentCount {
  const { value, rows, right } = (segment ?? {}) as Partial<SegmentCount>;
  return typeof value === 'string' && isCount(rows) && isCount(right) && right <= rows;
}
