import type { Readable } from 'node:stream';
import { answered, type Daemon } from './daemon.js';
import type { ContainerState } from './follow-container.js';

/**
 * Whether somebody ended a container through the daemon (`docker kill`, `docker stop`): the daemon's own events
 * tell that from a signal that the task's processes got otherwise.
 */
export async function wasKilledFromOutside(
  { client }: Daemon,
  containerId: string,
  { StartedAt }: ContainerState,
): Promise<boolean> {
  const events = await answered(
    client.getEvents({
      since: seconds(Date.parse(StartedAt)),
      until: seconds(Date.now()),
      filters: { container: [containerId], event: ['kill'] },
    }),
  );
  return answered(hasContent(events as unknown as Readable));
}

async function hasContent(stream: Readable): Promise<boolean> {
  for await (const chunk of stream) if (String(chunk).trim() !== '') return true;
  return false;
}

function seconds(milliseconds: number): number {
  return Number((milliseconds / 1000).toFixed(3));
}
