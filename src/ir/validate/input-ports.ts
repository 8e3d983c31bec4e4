import { irFindings } from '../../errors/index.js';
import { missing } from './missing.js';
import type { Report } from './report.js';
import type { TaskScope } from './scopes.js';

/** Inputs that KFP's compiler adds to a task to feed the placeholders in its constants. */
const CHANNEL_PREFIX = 'pipelinechannel--';

/** Checks that what a task wires is declared by its component, as the same kind. */
export function checkWiredNames(
  scope: TaskScope,
  kind: 'parameters' | 'artifacts',
  report: Report,
): void {
  const { task, path, component } = scope;
  if (component === undefined) return;
  const { parameters = {}, artifacts = {} } = component.inputDefinitions ?? {};
  const declared: Readonly<Record<string, unknown>> =
    kind === 'parameters' ? parameters : artifacts;
  const other = kind === 'parameters' ? artifacts : parameters;
  for (const name of Object.keys(task.inputs?.[kind] ?? {})) {
    if (Object.hasOwn(declared, name) || isAddedByCompiler(name, task)) continue;
    const at = [...path, 'inputs', kind, name];
    if (Object.hasOwn(other, name)) {
      const [given, wanted] =
        kind === 'parameters' ? ['a parameter', 'an artifact'] : ['an artifact', 'a parameter'];
      report(
        at,
        irFindings.wrongKind(
          `What task "${scope.name}" passes to its input "${name}"`,
          given,
          wanted,
        ),
      );
    } else {
      const user = `The component "${task.componentRef?.name}"`;
      report(at, irFindings.unknownInput(user, missing(name, Object.keys(declared))));
    }
  }
}

/** Whether a task wires an input under the other kind, which is reported as that. */
export function isWired({ task }: TaskScope, name: string): boolean {
  return [task.inputs?.parameters, task.inputs?.artifacts].some(
    (inputs) => inputs !== undefined && Object.hasOwn(inputs, name),
  );
}

/**
 * Whether KFP's compiler added an input that the component does not declare: a channel, or a
 * resource such as `accelerator_count` whose constant is a placeholder of one
 * (kfp/compiler/pipeline_spec_builder.py, build_task_spec_for_task).
 */
function isAddedByCompiler(name: string, { inputs }: TaskScope['task']): boolean {
  const constant = inputs?.parameters?.[name]?.runtimeValue?.constant;
  return (
    name.startsWith(CHANNEL_PREFIX) || (typeof constant === 'string' && constant.includes('{{$'))
  );
}
