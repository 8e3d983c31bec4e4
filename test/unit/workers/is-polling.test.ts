import { describe, expect, test } from 'vitest';
import { isPolling } from '../../../workers/is-polling.js';

const nowMs = 1_000_000_000;

/** A poller as the server lists it, that polled so many seconds ago. */
function poller(identity: string, secondsAgo: number): object {
  return { identity, lastAccessTime: { seconds: nowMs / 1000 - secondsAgo } };
}

describe('a worker is taken to poll', () => {
  test.each([
    ['when a process of its host polled within two minutes', [poller('7@here', 119)], true],
    ['among pollers of other hosts', [poller('7@there', 1), poller('9@here', 1)], true],
    ['not when its last poll is older', [poller('7@here', 121)], false],
    ['not when only hosts whose names end alike poll', [poller('7@not-here', 1)], false],
    ['not when nobody polls', [], false],
  ])('%s', (_, pollers, expected) => {
    expect(isPolling(pollers, { host: 'here', nowMs })).toBe(expected);
  });
});
