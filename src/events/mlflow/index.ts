export { trackRun, type TrackingTools } from './track-run.js';
export { tryTracking } from './try-tracking.js';
