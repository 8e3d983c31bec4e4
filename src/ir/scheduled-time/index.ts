export { assertTimeZone } from './zoned-time.js';
export { renderScheduledTime } from './render-scheduled-time.js';
