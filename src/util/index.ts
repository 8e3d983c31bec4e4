export { canonicalJson, plainJson } from './json.js';
export type { JsonObject, JsonValue } from './json.js';
export { closestMatch } from './closest-match.js';
export { formatDuration } from './format-duration.js';
export { formatBytes } from './format-bytes.js';
export { matchesPattern } from './matches-pattern.js';
export { passedVariables } from './passed-variables.js';
export { compareValues, type ComparedValues } from './compare-values.js';
export { isWorthARetry, whyNoAnswer } from './http-answer.js';
