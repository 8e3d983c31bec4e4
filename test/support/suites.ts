/** Optional suites that were asked for: names in ANNEAL_SUITES, separated by commas. */
const SUITES = (process.env['ANNEAL_SUITES'] ?? '').split(',');

/** Whether an optional suite was asked for. */
export function isAskedFor(suite: string): boolean {
  return SUITES.includes(suite);
}
