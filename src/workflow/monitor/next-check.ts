/**
 * The first time of a monitor's grid after now. Times that were missed, while no worker was there, are left out.
 *
 * @param startedAtMs of the monitor: the grid begins there
 */
export function nextCheckMs(startedAtMs: number, everySeconds: number, nowMs: number): number {
  const everyMs = everySeconds * 1000;
  const passed = Math.floor((nowMs - startedAtMs) / everyMs);
  return startedAtMs + (Math.max(passed, 0) + 1) * everyMs;
}
