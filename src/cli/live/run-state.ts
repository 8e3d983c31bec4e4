import type { RunView, WaitingView } from '../../contract/index.js';
import type { Output } from '../output/output.js';
import { timeText } from '../output/time-text.js';
import { statusWord } from './status-mark.js';

type Colors = Output['colors'];
type RunState = Pick<RunView, 'runId' | 'status' | 'paused' | 'waitingFor' | 'stuck'> & {
  /** Of a list, which does not know for what. */
  readonly isWaiting?: boolean;
};

/** Of more questions than this the rest is counted. */
const MAX_QUESTIONS = 5;

/** The word for how a run is: its status, or what keeps a running one from going on. */
export function stateWord(view: RunState, colors: Colors): string {
  if (view.stuck !== undefined) return colors.red('stuck');
  if (view.paused !== undefined) return colors.yellow('paused');
  if (view.isWaiting === true || view.waitingFor !== undefined) return colors.yellow('waiting');
  return statusWord(view.status, colors);
}

/** What keeps a run from going on and what to do about it, one line each; none when it goes on. */
export function runNotices(view: RunState, colors: Colors): string[] {
  const { runId, paused, waitingFor = [], stuck } = view;
  const lines: string[] = [];
  if (paused !== undefined) {
    const by = paused.by === undefined ? '' : ` by ${paused.by}`;
    const why = paused.reason === undefined ? '' : ` (${paused.reason})`;
    const since = timeText(paused.since);
    lines.push(
      colors.yellow(
        `Paused${by} since ${since} UTC${why}: no task starts. Go on: anneal resume ${runId}`,
      ),
    );
  }
  lines.push(...questionLines(runId, waitingFor, colors));
  if (stuck !== undefined) {
    lines.push(`${colors.red('Stuck:')} ${stuck.message}`, `${colors.dim('→')} ${stuck.remedy}`);
  }
  return lines;
}

/** What a person is asked, and how to answer. */
function questionLines(runId: string, questions: readonly WaitingView[], colors: Colors): string[] {
  const isOne = questions.length === 1;
  const shown = questions
    .slice(0, MAX_QUESTIONS)
    .map(({ task, endpoint, modelDigest, expiresAt }) => {
      const model = modelDigest === undefined ? 'a model' : `model ${modelDigest.slice(0, 19)}`;
      const which = isOne ? '' : ` --task ${task}`;
      return colors.yellow(
        `Waits for an approval until ${timeText(expiresAt)} UTC: ${model} for endpoint "${endpoint}" (${task}). Answer: anneal approve ${runId}${which}, or anneal reject ${runId}${which}`,
      );
    });
  const rest = questions.length - shown.length;
  return rest > 0 ? [...shown, colors.yellow(`${rest} more deployments wait.`)] : shown;
}
