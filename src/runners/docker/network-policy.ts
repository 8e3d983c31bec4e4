// Which network a container gets.
//
// N1. The default is none at all: a task reads and writes through its mounts.
// N2. `auto` gives the bridge to a task whose preamble installs packages, and to one that asks for it by the
//     annotation `anneal/network`; a fixed setting goes before what the pipeline asks for.
// N3. The network of the host or of another container is never given.

import { networkRefused } from '../../errors/container.js';
import type { PlatformSettings } from '../../ir/platform/index.js';
import { parseCommand } from '../command/parse-command.js';
import type { ContainerChoice } from '../runner.js';

/** Annotation by which a pipeline asks for a network: `none` or `bridge`. */
export const NETWORK_ANNOTATION = 'anneal/network';

/**
 * Chooses the network of a task.
 *
 * @param setting  `auto`, `none`, `bridge` or the name of a network of the daemon
 * @throws E_UNSUPPORTED when the task needs one that the setting does not allow
 */
export function networkFor(
  task: string,
  setting: string,
  spec: ContainerChoice & { readonly platform?: PlatformSettings },
): string {
  const asked = spec.platform?.annotations[NETWORK_ANNOTATION];
  if (asked !== undefined && !['none', 'bridge'].includes(asked)) {
    throw networkRefused(task, asked, setting); // N3
  }
  if (setting === 'auto') return asked ?? (installsPackages(spec) ? 'bridge' : 'none');
  if (setting === 'none' && asked === 'bridge') throw networkRefused(task, asked, setting);
  return asked === 'none' ? 'none' : setting;
}

/** Whether a component installs packages when it starts. */
export function installsPackages({ command, args }: ContainerChoice): boolean {
  return parseCommand(command, args).install.length > 0;
}
