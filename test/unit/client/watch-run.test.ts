import { describe, expect, it } from 'vitest';
import { watchRun, type WatchSources } from '../../../src/client/watch-run.js';
import type { RunView } from '../../../src/contract/index.js';
import { clientErrors, type AnnealError } from '../../../src/errors/index.js';

const view = (status: RunView['status'], taskCount = 0): RunView => ({
  runId: 'run-1',
  pipeline: 'demo',
  digest: 'sha256:00',
  status,
  startedAt: '2026-01-31T09:45:02.000Z',
  parameters: {},
  outputs: {},
  tasks: Array.from({ length: taskCount }, (_, index) => ({
    name: `task-${index}`,
    kind: 'container',
    status: 'running',
    cached: false,
    attempts: 1,
  })),
  warnings: [],
});

const lost = (): AnnealError => clientErrors.serverUnreachable('127.0.0.1:7233');
const asIs = (error: unknown): AnnealError => error as AnnealError;
const never = new Promise<never>(() => undefined);
const FAST = { intervalMs: [1, 4] } as const;

/** Answers one after the other; the last one for ever. Errors are thrown. */
function script<Value>(answers: readonly (Value | Error)[]): () => Promise<Value> {
  let asked = 0;
  return () => {
    const answer = answers[Math.min(asked, answers.length - 1)]!;
    asked += 1;
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  };
}

async function collect(
  sources: Partial<WatchSources>,
  options: Parameters<typeof watchRun>[1] = {},
): Promise<RunView[]> {
  const views: RunView[] = [];
  const all = { current: () => never, closed: () => never, mapError: asIs, ...sources };
  for await (const next of watchRun(all, { ...FAST, ...options })) views.push(next);
  return views;
}

describe('watching a run', () => {
  it('yields each change once and the final view last (W1)', async () => {
    const states = [view('running'), view('running'), view('running', 1), view('running', 2)];
    let asked = 0;
    let finish: (final: RunView) => void = () => undefined;
    const closed = new Promise<RunView>((resolve) => (finish = resolve));
    const current = (): Promise<RunView> => {
      const state = states[asked];
      asked += 1;
      if (state === undefined) finish(view('succeeded', 2));
      return Promise.resolve(state ?? states.at(-1)!);
    };

    const views = await collect({ current, closed: () => closed });

    expect(views).toEqual([
      view('running'),
      view('running', 1),
      view('running', 2),
      view('succeeded', 2),
    ]);
  });

  it('yields the final view of a run that has closed before anyone looked', async () => {
    const views = await collect({ closed: () => Promise.resolve(view('failed')) });

    expect(views).toEqual([view('failed')]);
  });

  it('bears a server that is away for a while (W2)', async () => {
    const troubles: (string | undefined)[] = [];

    const views = await collect(
      {
        current: script<RunView>([lost(), lost(), view('running', 1)]),
        closed: script<RunView>([lost(), view('succeeded', 1)]),
      },
      { onTrouble: (trouble) => troubles.push(trouble?.code) },
    );

    expect(views.at(-1)).toEqual(view('succeeded', 1));
    expect(troubles.slice(0, 2)).toEqual(['E_SERVER', undefined]);
  });

  it('gives up with E_SERVER when the server stays away (W2)', async () => {
    const watching = collect(
      { current: script<RunView>([lost()]), closed: script<RunView>([lost()]) },
      { patienceMs: 0 },
    );

    await expect(watching).rejects.toMatchObject({ code: 'E_SERVER' });
  });

  it('does not count a missing worker as a lost server (W3)', async () => {
    const views = await collect(
      {
        current: script<RunView>([clientErrors.noWorker('run-1', 'anneal'), view('running')]),
        closed: script<RunView>([lost(), view('succeeded')]),
      },
      { patienceMs: 2000 },
    );

    expect(views.at(-1)).toEqual(view('succeeded'));
  });

  it('ends at once with an error that waiting cannot cure', async () => {
    const refused = clientErrors.serverRefused('127.0.0.1:7233', 'bad key');

    await expect(collect({ current: script<RunView>([refused]) })).rejects.toBe(refused);
  });

  it('ends quietly when it is aborted (W4)', async () => {
    const stop = new AbortController();
    const seen: RunView[] = [];

    for await (const next of watchRun(
      { current: script([view('running')]), closed: () => never, mapError: asIs },
      { ...FAST, signal: stop.signal },
    )) {
      seen.push(next);
      stop.abort();
    }

    expect(seen).toEqual([view('running')]);
  });
});
