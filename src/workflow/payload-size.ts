// What may cross Temporal's edges: its own limit is 2 MiB a payload (limit.blobSize.error), beyond which a workflow
// task fails again and again and the run hangs.

import type { RunView, TaskView } from '../contract/index.js';
import { TaskFailure } from '../interpreter/index.js';

const MAX_BYTES = 1024 * 1024;
const encoder = new TextEncoder();

/** Refuses a request that is too large to send. @throws TaskFailure E_VALUE_SIZE */
export function assertSendable(request: { readonly task: string }): void {
  const { task } = request;
  const sizeBytes = jsonBytes(request);
  if (sizeBytes <= MAX_BYTES) return;
  throw new TaskFailure({
    code: 'E_VALUE_SIZE',
    message: `The inputs of task "${task}" come to ${sizeBytes} bytes; ${MAX_BYTES} may be passed to a task.`,
    task,
    hint: 'Pass large values as artifacts, or collect fewer items.',
    details: { sizeBytes, limitBytes: MAX_BYTES },
  });
}

/** The view, without what makes it too large to send: first the tasks' outputs, then tasks that succeeded. */
export function fitView(view: RunView): RunView {
  if (jsonBytes(view) <= MAX_BYTES) return view;
  const bare = {
    ...view,
    tasks: view.tasks.map((task): TaskView => ({ ...task, outputs: undefined })),
  };
  if (jsonBytes(bare) <= MAX_BYTES) return bare;
  const tasks = bare.tasks.filter(
    ({ name, status }) => status !== 'succeeded' || !name.includes('/'),
  );
  return jsonBytes({ ...bare, tasks }) <= MAX_BYTES ? { ...bare, tasks } : { ...bare, tasks: [] };
}

function jsonBytes(value: object): number {
  return encoder.encode(JSON.stringify(value)).length;
}
