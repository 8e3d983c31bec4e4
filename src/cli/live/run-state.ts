import type { RunView } from '../../contract/index.js';
import type { Output } from '../output/output.js';
import { statusWord } from './status-mark.js';

type Colors = Output['colors'];
type RunState = Pick<RunView, 'runId' | 'status' | 'paused' | 'stuck'>;

/** The word for how a run is: its status, or what keeps a running one from going on. */
export function stateWord(view: RunState, colors: Colors): string {
  if (view.stuck !== undefined) return colors.red('stuck');
  if (view.paused !== undefined) return colors.yellow('paused');
  return statusWord(view.status, colors);
}

/** What keeps a run from going on and what to do about it, one line each; none when it goes on. */
export function runNotices({ runId, paused, stuck }: RunState, colors: Colors): string[] {
  const lines: string[] = [];
  if (paused !== undefined) {
    const by = paused.by === undefined ? '' : ` by ${paused.by}`;
    const why = paused.reason === undefined ? '' : ` (${paused.reason})`;
    const since = paused.since.replace('T', ' ').slice(0, 19);
    lines.push(
      colors.yellow(
        `Paused${by} since ${since} UTC${why}: no task starts. Go on: anneal resume ${runId}`,
      ),
    );
  }
  if (stuck !== undefined) {
    lines.push(`${colors.red('Stuck:')} ${stuck.message}`, `${colors.dim('→')} ${stuck.remedy}`);
  }
  return lines;
}
