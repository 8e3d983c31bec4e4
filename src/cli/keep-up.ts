import { once } from 'node:events';
import type { CliContext } from './cli-context.js';
import { interruptible } from './interruption.js';
import { table } from './output/table.js';
import { openWorkplace, withSession } from './session.js';

/** Keeps the service open until a signal; then everything it started ends. */
export async function keepUp(context: CliContext): Promise<number> {
  const { output } = context;
  const workplace = await openWorkplace(context);
  return withSession(context, workplace, true, async ({ lease, settings }) => {
    const { address, namespace, uiUrl, workersReady } = lease;
    output.json({ address, namespace, uiUrl, taskQueue: settings.taskQueue, home: settings.home });
    output.result(
      table([
        ['Temporal', `${address} (namespace ${namespace})`],
        ...(uiUrl === undefined ? [] : [['Temporal UI', uiUrl]]),
        [
          'Workers',
          workersReady
            ? `ready, task queue ${settings.taskQueue}`
            : `those of the cluster, task queue ${settings.taskQueue}`,
        ],
        ['Data', settings.home],
      ]),
    );
    output.progress(
      output.colors.dim('Ctrl-C stops the server and the workers; runs are kept on disk.'),
    );
    await interruptible(({ signal }) => Promise.race([once(signal, 'abort'), lease.lost]));
    output.progress('Stopping…');
    return 0;
  });
}
