import { randomUUID } from 'node:crypto';
import type { Hook } from '../config/index.js';
import type { RunEvent } from '../contract/index.js';
import { hookId, tryHook } from '../events/index.js';
import type { CliContext } from './cli-context.js';
import { cliSettings } from './cli-settings.js';
import { asAnnealError } from './output/error-text.js';
import { table } from './output/table.js';

/** Prints the hooks of the settings. */
export async function listHooks({ output, environment }: CliContext): Promise<void> {
  const { hooks } = await cliSettings(environment);
  output.json({ hooks: hooks.map((hook) => ({ id: hookId(hook), ...hook })) });
  if (hooks.length === 0) return output.result('No hooks. Set them in anneal.config.ts.');
  const heading = ['HOOK', 'EVENTS', 'PIPELINES', 'TELLS'].map(output.resultColors.dim);
  output.result(table([heading, ...hooks.map(hookRow)]));
}

/** Sends a made-up event to every hook. @returns 1 when one was not reached */
export async function testHooks({ output, environment }: CliContext): Promise<number> {
  const { hooks, projectFolder: folder } = await cliSettings(environment);
  const { signal } = new AbortController();
  const outcomes = await Promise.all(
    hooks.map(async (hook) => {
      const failure = await tryHook(madeUpEvent(), hook, { signal, folder }).then(
        () => undefined,
        asAnnealError,
      );
      return { id: hookId(hook), target: targetOf(hook), failure };
    }),
  );
  output.json({
    hooks: outcomes.map(({ id, failure }) => ({
      id,
      reached: failure === undefined,
      ...(failure && { error: { code: failure.code, message: failure.message } }),
    })),
  });
  const { resultColors: colors } = output;
  for (const { target, failure } of outcomes) {
    output.result(
      failure === undefined
        ? `${colors.green('✓')} ${target}`
        : `${colors.red('✗')} ${target}: ${failure.message}`,
    );
  }
  if (hooks.length === 0) output.result('No hooks. Set them in anneal.config.ts.');
  return outcomes.some(({ failure }) => failure !== undefined) ? 1 : 0;
}

function hookRow(hook: Hook): string[] {
  return [hookId(hook), hook.on.join(', '), hook.pipelines?.join(', ') ?? 'all', targetOf(hook)];
}

function targetOf({ webhook, slack, command, mlflow }: Hook): string {
  if (mlflow !== undefined) return `MLflow at ${mlflow.trackingUri}`;
  if (command !== undefined) return command.join(' ');
  return slack === undefined ? webhook!.url : `Slack at ${slack.url}`;
}

function madeUpEvent(): RunEvent {
  const now = new Date().toISOString();
  const runId = `test-${randomUUID()}`;
  return {
    id: `${runId}/event/run.failed`,
    type: 'run.failed',
    time: now,
    run: {
      runId,
      pipeline: 'test',
      digest: '',
      status: 'failed',
      startedAt: now,
      finishedAt: now,
    },
    outputs: {},
    error: { code: 'E_HOOK', message: 'This is a test of a hook; no run has failed.' },
  };
}
