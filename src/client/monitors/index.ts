export { Monitors, type MonitorsParts } from './monitors.js';
export type { MonitorRequest, MonitorSummary } from './monitor-request.js';
export { DEFAULT_MONITOR } from './monitor-request.js';
