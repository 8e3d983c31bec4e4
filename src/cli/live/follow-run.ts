// Shows a run while it goes on: a live tree on a terminal, one line per change elsewhere.

import type { AnnealClient } from '../../client/index.js';
import type { RunView } from '../../contract/index.js';
import { formatDuration } from '../../util/index.js';
import type { Output } from '../output/output.js';
import { ChangeLines } from './change-lines.js';
import { LiveScreen } from './live-screen.js';
import { runNotices, stateWord } from './run-state.js';
import { taskTree } from './task-tree.js';

/**
 * Watches a run to its end.
 *
 * @returns the final view, or undefined when the signal stopped the watching first
 */
export async function followRun(
  client: AnnealClient,
  runId: string,
  output: Output,
  signal: AbortSignal,
): Promise<RunView | undefined> {
  const display = output.isInteractive ? new TreeDisplay(output) : new LineDisplay(output);
  let last: RunView | undefined;
  try {
    const onTrouble = (trouble?: Error): void => display.note(trouble?.message);
    for await (const view of client.watch(runId, { signal, onTrouble })) {
      display.show(view);
      last = view;
    }
  } finally {
    display.end();
  }
  return last === undefined || last.status === 'running' ? undefined : last;
}

interface Display {
  show(view: RunView): void;
  /** Says what is wrong at the moment; undefined: all is well again. */
  note(trouble: string | undefined): void;
  end(): void;
}

class TreeDisplay implements Display {
  #view: RunView | undefined;
  #trouble: string | undefined;
  readonly #screen: LiveScreen;

  constructor(private readonly output: Output) {
    this.#screen = new LiveScreen(output.streams.stderr, () => this.#draw());
    this.#screen.start();
  }

  show(view: RunView): void {
    this.#view = view;
    this.#screen.redraw();
  }

  note(trouble: string | undefined): void {
    this.#trouble = trouble;
  }

  end(): void {
    this.#screen.stop();
  }

  #draw(): string[] {
    const { colors } = this.output;
    const view = this.#view;
    if (view === undefined) return [colors.dim(this.#trouble ?? '  waiting for the run to start…')];
    const nowMs = Date.now();
    const end = view.finishedAt === undefined ? nowMs : Date.parse(view.finishedAt);
    const elapsed = formatDuration((end - Date.parse(view.startedAt)) / 1000);
    const heading = `${colors.bold(view.pipeline)} ${stateWord(view, colors)} ${colors.dim(`${elapsed} · ${view.runId}`)}`;
    const trouble = this.#trouble === undefined ? [] : [colors.yellow(`  ${this.#trouble}`)];
    const notices = runNotices(view, colors).map((notice) => `  ${notice}`);
    return [heading, ...taskTree(view, colors, nowMs), ...notices, ...trouble];
  }
}

class LineDisplay implements Display {
  readonly #changes = new ChangeLines();
  #notices: readonly string[] = [];

  constructor(private readonly output: Output) {}

  show(view: RunView): void {
    for (const line of this.#changes.next(view, this.output.colors, Date.now())) {
      this.output.progress(line);
    }
    const notices = runNotices(view, this.output.colors);
    if (notices.join() !== this.#notices.join()) {
      const isOver = notices.length === 0 && view.status === 'running';
      for (const notice of isOver ? ['The run goes on.'] : notices) this.output.progress(notice);
    }
    this.#notices = notices;
  }

  note(trouble: string | undefined): void {
    this.output.progress(trouble ?? 'The connection is back.');
  }

  end(): void {
    // Every line is written already.
  }
}
