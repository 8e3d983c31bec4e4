import type { RuleView } from '../../../contract/index.js';
import type { GateFacts } from '../gate-facts.js';
import { isCount } from '../numbers.js';
import { holds, refuses, warns } from '../rule-view.js';
import { clean, reasonFor } from './reasons.js';

/** No held-out row has the features of a training row. */
export function leakRule({ evidence }: GateFacts): RuleView {
  const { leak, unavailable } = evidence;
  if (leak === undefined || leak === null) {
    const why = reasonFor(unavailable, 'leak');
    if (why === undefined) return refuses('leak', 'Nothing says whether rows leaked.');
    return warns('leak', `Rows could not be compared: ${clean(why)}.`);
  }
  const { overlap_rows, held_out_rows, repeated_rows } = leak;
  const numbers = { ...leak };
  if (!isCount(overlap_rows) || !isCount(held_out_rows) || held_out_rows < 1) {
    return refuses('leak', 'The counts of held-out rows are no counts.', numbers);
  }
  if (overlap_rows > 0) {
    const words = `The model was fitted on ${overlap_rows} of the ${held_out_rows} held-out rows: their features are those of training rows.`;
    return refuses('leak', words, numbers);
  }
  const repeats = isCount(repeated_rows) && repeated_rows > 0;
  const also = repeats ? `; ${repeated_rows} of them repeat an earlier one` : '';
  return holds(
    'leak',
    `None of the ${held_out_rows} held-out rows is a training row${also}.`,
    numbers,
  );
}
